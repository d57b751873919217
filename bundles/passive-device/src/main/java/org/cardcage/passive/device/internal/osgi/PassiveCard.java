package org.cardcage.passive.device.internal.osgi;

import java.util.List;
import org.cardcage.device.DeviceModel;
import org.cardcage.passive.device.ConfigurationImage;
import org.cardcage.passive.device.PassiveBars;
import org.cardcage.passive.device.PassiveDevice;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One function for each configuration; the board finds it by the service property {@code slot}. */
@Component(
        name = "org.cardcage.passive.device",
        service = DeviceModel.class,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PassiveConfiguration.class, factory = true)
public final class PassiveCard extends PassiveDevice {

    @Activate
    public PassiveCard(PassiveConfiguration configuration) {
        super(
                ConfigurationImage.parse(List.of(configuration.config())),
                PassiveBars.parse(List.of(configuration.bars())),
                configuration.settled());
    }
}
