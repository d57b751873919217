package org.cardcage.kernel.kobject;

import java.util.function.Predicate;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** A property that is a small text (Linux {@code struct device_attribute} and its relatives). */
public final class TextAttribute<T> extends Attribute<T> {

    /** Longest text in bytes, and the length that each file claims to have (Linux {@code PAGE_SIZE}). */
    public static final int MAX_SIZE = 4096;

    /** Makes the text of a subject, with the line feed at its end. */
    @FunctionalInterface
    public interface Show<T> {
        String show(T subject);
    }

    /** Takes what one write has brought. */
    @FunctionalInterface
    public interface Store<T> {
        /**
         * @param text as written, usually with a line feed at its end
         * @param cancel what a wait must use
         */
        void store(T subject, String text, CancelToken cancel);
    }

    private final Show<? super T> show;
    private final Store<? super T> store;

    private TextAttribute(
            String name, int mode, Show<? super T> show, Store<? super T> store, Predicate<? super T> visible) {
        super(name, mode, visible);
        this.show = show;
        this.store = store;
    }

    /** One that everybody can read (Linux {@code DEVICE_ATTR_RO}). */
    public static <T> TextAttribute<T> readOnly(String name, Show<? super T> show) {
        return new TextAttribute<>(name, 0444, show, TextAttribute::cannotStore, subject -> true);
    }

    /** One that everybody can read and root write (Linux {@code DEVICE_ATTR_RW}). */
    public static <T> TextAttribute<T> readWrite(String name, Show<? super T> show, Store<? super T> store) {
        return new TextAttribute<>(name, 0644, show, store, subject -> true);
    }

    /** One that root can write and nobody read (Linux {@code DEVICE_ATTR_WO}). */
    public static <T> TextAttribute<T> writeOnly(String name, Store<? super T> store) {
        return new TextAttribute<>(name, 0200, TextAttribute::cannotShow, store, subject -> true);
    }

    /** The same with other permission bits. */
    public TextAttribute<T> withMode(int bits) {
        return new TextAttribute<>(name(), bits, show, store, visible());
    }

    /** The same, but only subjects that pass have it. */
    public TextAttribute<T> visibleIf(Predicate<? super T> condition) {
        return new TextAttribute<>(name(), mode(), show, store, condition);
    }

    @Override
    long size(T subject) {
        return MAX_SIZE;
    }

    String show(T subject) {
        return show.show(subject);
    }

    void store(T subject, String text, CancelToken cancel) {
        store.store(subject, text, cancel);
    }

    private static String cannotShow(Object subject) {
        throw new KernelException(Errno.EIO, "the attribute cannot be read");
    }

    private static void cannotStore(Object subject, String text, CancelToken cancel) {
        throw new KernelException(Errno.EIO, "the attribute cannot be written");
    }
}
