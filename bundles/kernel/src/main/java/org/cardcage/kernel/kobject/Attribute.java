package org.cardcage.kernel.kobject;

import java.util.function.Predicate;

/**
 * A property of an object, shown as a file in the object's directory (Linux {@code struct attribute}). It belongs to a kind of
 * objects, so that one attribute serves all of them.
 *
 * <p>Threads: its functions run on those of readers and writers, at once. What they throw reaches the caller of the file: a {@link
 * org.cardcage.kernel.KernelException} as its errno, anything else is an oops of the module that the attribute came with.
 *
 * @param <T> what the object stands for
 */
public abstract sealed class Attribute<T> permits TextAttribute, BinaryAttribute {

    private final String name;
    private final int mode;
    private final Predicate<? super T> visible;

    Attribute(String name, int mode, Predicate<? super T> visible) {
        this.name = name;
        this.mode = mode;
        this.visible = visible;
    }

    /** Its name in the object's directory. */
    public final String name() {
        return name;
    }

    /** Permission bits. */
    public final int mode() {
        return mode;
    }

    /** Whether the subject has it (Linux {@code is_visible}). */
    final boolean isVisible(T subject) {
        return visible.test(subject);
    }

    final Predicate<? super T> visible() {
        return visible;
    }

    /** The length that its file claims to have, in bytes. */
    abstract long size(T subject);
}
