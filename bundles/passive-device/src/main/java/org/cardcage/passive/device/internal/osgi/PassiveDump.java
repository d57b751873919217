package org.cardcage.passive.device.internal.osgi;

import java.util.ArrayList;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import org.cardcage.device.DeviceModel;
import org.cardcage.passive.device.ConfigurationImage;
import org.cardcage.passive.device.PassiveBars;
import org.cardcage.passive.device.PassiveDevice;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/**
 * All functions of a dump by one configuration, since hundreds of configurations make a start slow. For the board each is a
 * service of its own, as those of {@link PassiveCard} are.
 *
 * <p>Threads: Declarative Services calls constructor and {@link #deactivate}.
 */
@Component(
        name = PassiveDump.PID,
        service = {},
        immediate = true,
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = PassiveDumpConfiguration.class)
public final class PassiveDump {

    static final String PID = "org.cardcage.passive.device.dump";

    private final List<ServiceRegistration<DeviceModel>> registrations = new ArrayList<>();

    /** @throws IllegalArgumentException if a text cannot be read; then there is none of the functions */
    @Activate
    public PassiveDump(BundleContext context, PassiveDumpConfiguration configuration) {
        List<DeviceModel> models = new ArrayList<>();
        List<String> slots = new ArrayList<>();
        for (String text : configuration.functions()) {
            List<String> lines = List.of(text.split("\n"));
            List<String> head = List.of(lines.get(0).split(" "));
            slots.add(head.get(0));
            models.add(new PassiveDevice(
                    ConfigurationImage.parse(lines.subList(1, lines.size())),
                    PassiveBars.parse(head.subList(1, head.size())),
                    configuration.settled()));
        }
        for (int i = 0; i < models.size(); i++) {
            Dictionary<String, Object> properties = new Hashtable<>();
            properties.put("slot", slots.get(i));
            properties.put(Constants.SERVICE_PID, PID + "~" + slots.get(i));
            registrations.add(context.registerService(DeviceModel.class, models.get(i), properties));
        }
    }

    /** Withdraws the functions, those behind bridges first. */
    @Deactivate
    public void deactivate() {
        for (int i = registrations.size() - 1; i >= 0; i--) {
            registrations.get(i).unregister();
        }
    }
}
