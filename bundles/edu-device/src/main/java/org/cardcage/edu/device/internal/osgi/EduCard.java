package org.cardcage.edu.device.internal.osgi;

import java.util.Locale;
import org.cardcage.device.DeviceModel;
import org.cardcage.edu.device.EduDevice;
import org.cardcage.edu.device.EduOptions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.Designate;

/** One EDU card for each configuration; the board finds it by the service property {@code slot}. */
@Component(
        name = "org.cardcage.edu.device",
        service = DeviceModel.class,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EduConfiguration.class, factory = true)
public final class EduCard extends EduDevice {

    private static final long MILLISECOND = 1_000_000;

    @Activate
    public EduCard(EduConfiguration configuration) {
        super(options(configuration));
    }

    private static EduOptions options(EduConfiguration c) {
        return new EduOptions(
                nanos("factorial_delay", c.factorial__delay()),
                nanos("dma_delay", c.dma__delay()),
                mask(c.dma__mask()));
    }

    static long nanos(String property, long millis) {
        if (millis < 0 || millis > Long.MAX_VALUE / MILLISECOND) {
            throw new IllegalArgumentException(
                    property + " of " + millis + " ms: must be from 0 to " + Long.MAX_VALUE / MILLISECOND);
        }
        return millis * MILLISECOND;
    }

    static long mask(String text) {
        String digits = text.strip().toLowerCase(Locale.ROOT);
        try {
            return digits.startsWith("0x")
                    ? Long.parseUnsignedLong(digits.substring(2), 16)
                    : digits.startsWith("-") ? Long.parseLong(digits) : Long.parseUnsignedLong(digits);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "dma_mask \"" + text + "\" is not a number of 64 bits, decimal or hexadecimal with 0x", e);
        }
    }
}
