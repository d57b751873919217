package org.cardcage.kmod;

import java.util.List;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** What the tools of Linux's kmod print to standard error when a call of {@link Kmod} fails; their exit status is 1. */
public final class KmodMessages {

    /** How the detail of ENOENT begins where a URL leads to nothing; otherwise a symbol is missing, or so says init. */
    public static final String NOTHING = "nothing at ";

    private KmodMessages() {}

    /**
     * {@code insmod} looks for the file first, and says this if there is none.
     *
     * @param path as the user wrote it
     */
    public static String insmodNoFile(String path, Errno why) {
        return "insmod: ERROR: could not load module " + path + ": " + why.text();
    }

    /**
     * {@code insmod} could not load.
     *
     * @param path as the user wrote it
     */
    public static String insmod(String path, Errno why) {
        String text =
                switch (why) {
                    case ENOEXEC -> "Invalid module format";
                    case ENOENT -> "Unknown symbol in module";
                    case ESRCH -> "Module has wrong symbol version";
                    case EINVAL -> "Invalid parameters";
                    default -> why.text();
                };
        return "insmod: ERROR: could not insert module " + path + ": " + text;
    }

    /**
     * {@code insmod} could not load, or there was nothing to load: ENOENT means both.
     *
     * @param path as the user wrote it
     */
    public static String insmod(String path, KernelException why) {
        boolean nothing = why.errno() == Errno.ENOENT && detail(why).startsWith(NOTHING);
        return nothing ? insmodNoFile(path, why.errno()) : insmod(path, why.errno());
    }

    /**
     * {@code rmmod} could not unload.
     *
     * @param name as the user wrote it
     * @return one or two lines
     */
    public static List<String> rmmod(String name, KernelException why) {
        String prefix = "rmmod: ERROR: ";
        if (why.errno() == Errno.ENOENT || why.errno() == Errno.EAGAIN) {
            return List.of(prefix + detail(why));
        }
        return List.of(
                prefix + "could not remove '" + name + "': " + why.errno().text(),
                prefix + "could not remove module " + name + ": " + why.errno().text());
    }

    /**
     * {@code modprobe} could not load.
     *
     * @param name as the user wrote it
     */
    public static String modprobe(String name, KernelException why) {
        if (isNotFound(why)) {
            return "modprobe: FATAL: " + detail(why);
        }
        String text =
                switch (why.errno()) {
                    case EEXIST -> "Module already in kernel";
                    case ENOENT -> "Unknown symbol in module, or unknown parameter (see dmesg)";
                    default -> why.errno().text();
                };
        return "modprobe: ERROR: could not insert '" + name + "': " + text;
    }

    private static boolean isNotFound(KernelException why) {
        return why.errno() == Errno.ENOENT && detail(why).startsWith("Module ");
    }

    private static String detail(KernelException why) {
        return why.getMessage().substring(why.errno().name().length() + ": ".length());
    }
}
