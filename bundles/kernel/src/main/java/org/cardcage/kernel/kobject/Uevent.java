package org.cardcage.kernel.kobject;

import java.util.Map;

/**
 * The kernel's word to user land that something has happened to an object (Linux {@code kobject_uevent}).
 *
 * @param sequence number of the event, ascending from 1
 * @param action as in {@code add}, {@code remove}, {@code bind}, {@code unbind} or {@code change}
 * @param path of the object below {@code /sys}, as in {@code /devices/pci0000:00/0000:00:04.0}
 * @param subsystem bus or class, as in {@code pci}
 * @param variables what else is said, as in {@code MODALIAS}; in the order in which it is said
 */
public record Uevent(long sequence, String action, String path, String subsystem, Map<String, String> variables) {}
