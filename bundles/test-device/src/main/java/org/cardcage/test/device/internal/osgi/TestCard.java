package org.cardcage.test.device.internal.osgi;

import org.cardcage.device.DeviceModel;
import org.cardcage.test.device.TestDevice;
import org.cardcage.test.device.TestOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One function for each configuration; the board finds it by the service property {@code slot}. */
@Component(
        name = "org.cardcage.test.device",
        service = DeviceModel.class,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = TestConfiguration.class, factory = true)
public final class TestCard extends TestDevice {

    private static final int KIB = 1024;

    @Activate
    public TestCard(TestConfiguration configuration) {
        super(new TestOptions(configuration.express(), Math.multiplyExact(configuration.memory(), KIB)));
    }
}
