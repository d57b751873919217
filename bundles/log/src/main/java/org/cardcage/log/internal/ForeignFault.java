package org.cardcage.log.internal;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the log service tells of a fault in the code of a module, cut to what its author can use: one line with the cause, and
 * the frames of that cause as far as they are the module's or were called by it.
 */
public final class ForeignFault {

    /** The log service replaces what it is given by objects of this class, which say what they stand for. */
    private static final String REPLACED = "org.apache.felix.log.LogException: ";

    /** The component runtime begins its messages with the bundle and the number of the component. */
    private static final String PLACE = "^bundle \\S+ \\(\\d+\\)(\\[[^]]*])? : ";

    /** Who calls the code of a module on behalf of the framework. */
    private static final List<String> CALLERS =
            List.of("java.lang.reflect.", "jdk.internal.reflect.", "org.apache.felix.");

    private ForeignFault() {}

    /** The message with the cause, in one line. */
    public static String line(String message, Throwable fault) {
        String cause = root(fault).toString();
        String plain = cause.startsWith(REPLACED) ? cause.substring(REPLACED.length()) : cause;
        String text = message.replaceFirst(PLACE, "").replaceAll("\\s+", " ").strip();
        return text + ": " + plain;
    }

    /** The frames of the cause, a line each; empty or beginning with a line end. */
    public static String frames(Throwable fault) {
        return Arrays.stream(root(fault).getStackTrace())
                .takeWhile(frame -> CALLERS.stream().noneMatch(frame.getClassName()::startsWith))
                .map(frame -> "\n        at " + frame)
                .collect(Collectors.joining());
    }

    /**
     * Whether it only says that a service could not be had whose component has failed, for which the component runtime has
     * given the cause before.
     */
    public static boolean isEcho(Throwable fault) {
        return fault.toString().contains("org.osgi.framework.ServiceException: Service factory returned null");
    }

    private static Throwable root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
