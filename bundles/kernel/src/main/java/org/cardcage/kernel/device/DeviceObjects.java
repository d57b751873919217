package org.cardcage.kernel.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjects;
import org.cardcage.kernel.kobject.TextAttribute;
import org.cardcage.kernel.module.KernelModule;
import org.slf4j.event.Level;

/**
 * The directories of devices and drivers in {@code /sys}, the links between them, and the events about them (Linux {@code
 * drivers/base/core.c} and {@code bus.c}).
 *
 * <p>Threads: a device is added by whoever has found it, everything else about it happens on its lane; no lock is held.
 */
final class DeviceObjects {

    private final Kernel kernel;
    private final KObjects objects;
    private final AttributeOwner owner;
    private final Map<Driver, KObject> drivers = new ConcurrentHashMap<>();
    /** Devices that have been added and not removed. */
    private final Set<Device> shown = ConcurrentHashMap.newKeySet();

    private final AttributeGroup<Device> attributes = new AttributeGroup<>(List.of(TextAttribute.readWrite(
            "uevent",
            device -> UeventText.lines(variables(device)),
            (device, text, cancel) -> emit(UeventText.action(text), device))));

    DeviceObjects(Kernel kernel) {
        this.kernel = kernel;
        objects = kernel.objects();
        owner = new AttributeOwner(kernel, new KernelModule("kernel"));
        kernel.charDevices().addListener(new NodeObjects(kernel, owner));
    }

    private KObject bus(Device device) {
        return objects.directory("bus/" + device.busName());
    }

    private KObject devicesOfBus(Device device) {
        return bus(device).addIfAbsent("devices");
    }

    /** A device has been found. */
    void added(Device device) {
        KObject object = device.parentObject().add(device.name());
        device.setObject(object);
        object.link("subsystem", bus(device));
        object.show(device, attributes, owner);
        device.showAttributes(object, owner);
        devicesOfBus(device).link(device.name(), object);
        shown.add(device);
        emit("add", device);
    }

    /** The device has gone, and its driver before it. The bridge above, which has none, may have gone even before. */
    void removed(Device device) {
        if (!shown.remove(device)) {
            return;
        }
        devicesOfBus(device).unlink(device.name(), device.object());
        emit("remove", device);
        device.object().remove();
    }

    /**
     * A driver offers itself.
     *
     * @throws org.cardcage.kernel.KernelException EBUSY if another one of its bus has its name
     */
    void added(Driver driver) {
        KObject object = directory(driver);
        drivers.put(driver, object);
        driver.showAttributes(object, owner);
    }

    private KObject directory(Driver driver) {
        try {
            return objects.directory("bus/" + driver.busName() + "/drivers").add(driver.name());
        } catch (KernelException e) {
            String refusal = "Driver '" + driver.name() + "' is already registered, aborting...";
            kernel.log().emit(Level.ERROR, "Error: " + refusal);
            throw new KernelException(Errno.EBUSY, refusal, e);
        }
    }

    /** A driver has withdrawn and left its devices. */
    void removed(Driver driver) {
        KObject object = drivers.remove(driver);
        if (object != null) {
            object.remove();
        }
    }

    /** A driver has taken the device. */
    void bound(Device device, Driver driver) {
        KObject object = drivers.get(driver);
        if (object != null && !object.isRemoved()) {
            device.object().link("driver", object);
            object.link(device.name(), device.object());
        }
        emit("bind", device);
    }

    /** The driver has left the device. */
    void unbound(Device device, Driver driver) {
        KObject object = drivers.get(driver);
        if (object != null) {
            object.unlink(device.name());
        }
        device.object().unlink("driver");
        emit("unbind", device);
    }

    private void emit(String action, Device device) {
        objects.uevents().emit(action, device.object(), device.busName(), variables(device));
    }

    private static Map<String, String> variables(Device device) {
        Map<String, String> variables = new LinkedHashMap<>();
        device.driver().ifPresent(driver -> variables.put("DRIVER", driver.name()));
        variables.putAll(device.ueventVariables());
        return variables;
    }
}
