package org.cardcage.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** The rooms of the house, each with the rooms that it may import and the foreign packages that it may use. */
enum Room {
    MACHINE("org.cardcage.machine"),
    DEVICE("org.cardcage.device"),
    FIRMWARE("org.cardcage.firmware", MACHINE),
    BOARD("org.cardcage.board", MACHINE, DEVICE, FIRMWARE),
    LOG("org.cardcage.log"),
    KERNEL("org.cardcage.kernel", MACHINE, LOG),
    PCI("org.cardcage.pci", KERNEL, MACHINE),
    VFS("org.cardcage.vfs", KERNEL, MACHINE, LOG),
    KMOD("org.cardcage.kmod", KERNEL, VFS, MACHINE),
    QEMU("org.cardcage.qemu", MACHINE, FIRMWARE),
    EDU_UAPI("org.cardcage.edu.uapi"),
    EDU_DEVICE("org.cardcage.edu.device", DEVICE),
    TEST_DEVICE("org.cardcage.test.device", DEVICE),
    PASSIVE_DEVICE("org.cardcage.passive.device", DEVICE),
    EDU_DRIVER("org.cardcage.edu.driver", KERNEL, PCI, VFS, MACHINE, EDU_UAPI),
    SHELL("org.cardcage.shell", MACHINE, KERNEL, PCI, VFS, KMOD, LOG);

    private final String root;
    private final Set<Room> mayImport;

    Room(String root, Room... mayImport) {
        this.root = root;
        this.mayImport = Set.of(mayImport);
    }

    static Optional<Room> of(JavaClass type) {
        return Arrays.stream(values()).filter(room -> room.owns(type)).findFirst();
    }

    String root() {
        return root;
    }

    Set<Room> mayImport() {
        return mayImport;
    }

    private boolean owns(JavaClass type) {
        return isIn(type, root);
    }

    boolean mayUse(JavaClass target) {
        JavaClass type = target.getBaseComponentType();
        Optional<Room> room = of(type);
        if (room.isPresent()) {
            return room.get() == this || mayImport.contains(room.get()) && !isInternal(type);
        }
        return type.isPrimitive() || isIn(type, "java") || mayUseForeign(type);
    }

    private boolean mayUseForeign(JavaClass type) {
        return switch (this) {
            case MACHINE, DEVICE, EDU_UAPI -> isIn(type, "org.osgi");
            case KMOD -> isAnyIn(type, "org.osgi", "org.slf4j", "org.apache.felix.fileinstall");
            case SHELL -> isAnyIn(type, "org.osgi", "org.slf4j", "org.apache.felix", "org.jline");
            default -> isAnyIn(type, "org.osgi", "org.slf4j");
        };
    }

    private static boolean isInternal(JavaClass type) {
        return ("." + type.getPackageName() + ".").contains(".internal.");
    }

    private static boolean isAnyIn(JavaClass type, String... packages) {
        return Arrays.stream(packages).anyMatch(root -> isIn(type, root));
    }

    private static boolean isIn(JavaClass type, String root) {
        return (type.getPackageName() + ".").startsWith(root + ".");
    }
}
