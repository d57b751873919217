package org.cardcage.kernel.device;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.kobject.AttributeGroup;
import org.cardcage.kernel.kobject.AttributeOwner;
import org.cardcage.kernel.kobject.KObject;
import org.cardcage.kernel.kobject.KObjects;
import org.cardcage.kernel.kobject.TextAttribute;

/**
 * The directories of character devices in {@code /sys}: below the device behind them or {@code /sys/devices/virtual}, with links in
 * {@code /sys/class} and {@code /sys/dev/char}, and the events about them (Linux {@code device_create}).
 *
 * <p>Threads: any. {@code this} guards {@code shown}, and keeps a class from going as empty, and a node from going at
 * all, while the node comes; events are told without it.
 */
final class NodeObjects implements CharDevices.Listener {

    private final KObjects objects;
    private final AttributeOwner owner;
    private final Map<CharDevice, KObject> shown = new LinkedHashMap<>();
    private final AttributeGroup<CharDevice> attributes = new AttributeGroup<>(List.of(
            TextAttribute.readOnly("dev", node -> numbers(node) + "\n"),
            TextAttribute.readWrite(
                    "uevent",
                    node -> UeventText.lines(variables(node)),
                    (node, text, cancel) -> emit(UeventText.action(text), node, object(node)))));

    NodeObjects(Kernel kernel, AttributeOwner owner) {
        this.objects = kernel.objects();
        this.owner = owner;
    }

    private synchronized KObject object(CharDevice node) {
        return shown.get(node);
    }

    private static String numbers(CharDevice node) {
        return node.major() + ":" + node.minor();
    }

    @Override
    public void added(CharDevice node) {
        KObject object;
        synchronized (this) {
            if (shown.containsKey(node)) {
                return;
            }
            object = group(node).add(node.name());
            shown.put(node, object);
            node.parent().ifPresent(device -> object.link("device", device.object()));
            object.link("subsystem", ofClass(node));
            object.show(node, attributes, owner);
            ofClass(node).link(node.name(), object);
            objects.directory("dev/char").link(numbers(node), object);
        }
        emit("add", node, object);
    }

    private KObject group(CharDevice node) {
        return node.parent()
                .map(device -> device.object().addIfAbsent(node.deviceClass()))
                .orElseGet(() -> objects.directory("devices/virtual/" + node.deviceClass()));
    }

    private KObject ofClass(CharDevice node) {
        return objects.directory("class/" + node.deviceClass());
    }

    @Override
    public void removed(CharDevice node) {
        KObject object;
        synchronized (this) {
            object = shown.remove(node);
        }
        if (object == null) {
            return;
        }
        objects.directory("dev/char").unlink(numbers(node));
        ofClass(node).unlink(node.name());
        emit("remove", node, object);
        object.remove();
        synchronized (this) {
            if (!node.parent().map(Device::object).filter(KObject::isRemoved).isPresent()) {
                removeIfEmpty(group(node)); // else it has gone with the device, and that with the bridge above
            }
            removeIfEmpty(ofClass(node));
        }
    }

    private static void removeIfEmpty(KObject object) {
        if (object.entries().isEmpty()) {
            object.remove();
        }
    }

    private void emit(String action, CharDevice node, KObject object) {
        if (object != null) {
            objects.uevents().emit(action, object, node.deviceClass(), variables(node));
        }
    }

    private static Map<String, String> variables(CharDevice node) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("MAJOR", Integer.toString(node.major()));
        variables.put("MINOR", Integer.toString(node.minor()));
        variables.put("DEVNAME", node.name());
        return variables;
    }
}
