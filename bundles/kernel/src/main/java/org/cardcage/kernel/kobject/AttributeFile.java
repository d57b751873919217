package org.cardcage.kernel.kobject;

import java.nio.ByteBuffer;
import java.util.function.Supplier;
import org.cardcage.kernel.CancelToken;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.IoMemory;

/**
 * An attribute of one object.
 *
 * <p>Threads: any. Errors of all calls: ENODEV if the object has gone, EIO after a fault, and what the attribute throws.
 */
public final class AttributeFile implements KObjectEntry {

    private final KObject directory;
    private final Attribute<Object> attribute;
    private final Object subject;
    private final AttributeOwner owner;

    AttributeFile(KObject directory, Attribute<Object> attribute, Object subject, AttributeOwner owner) {
        this.directory = directory;
        this.attribute = attribute;
        this.subject = subject;
        this.owner = owner;
    }

    /** The object's directory. */
    public KObject directory() {
        return directory;
    }

    /** Its name there. */
    public String name() {
        return attribute.name();
    }

    /** Permission bits. */
    public int mode() {
        return attribute.mode();
    }

    /** The length that the file claims to have, in bytes. */
    public long size() {
        return attribute.size(subject);
    }

    /** Whether it is one text, made anew by {@link #show} and replaced by {@link #store}; else it is bytes. */
    public boolean isText() {
        return attribute instanceof TextAttribute;
    }

    /** The present text. */
    public String show(CancelToken cancel) {
        return call("show", cancel, () -> text().show(subject));
    }

    /** Takes a new text. */
    public void store(String value, CancelToken cancel) {
        call("store", cancel, () -> {
            text().store(subject, value, cancel);
            return null;
        });
    }

    /** Reads bytes; 0 at the end. */
    public int read(ByteBuffer to, long position, CancelToken cancel) {
        return call("read", cancel, () -> {
            ByteBuffer part = upToEnd(to, position);
            int count = part.hasRemaining() ? content().read(subject, part, position) : 0;
            to.position(part.position());
            return count;
        });
    }

    /** Writes bytes; how many were taken. EFBIG behind the end. */
    public int write(ByteBuffer from, long position, CancelToken cancel) {
        return call("write", cancel, () -> {
            ByteBuffer part = upToEnd(from, position);
            if (!part.hasRemaining() && from.hasRemaining()) {
                throw new KernelException(Errno.EFBIG, name() + " ends at " + size());
            }
            int count = part.hasRemaining() ? content().write(subject, part, position) : 0;
            from.position(part.position());
            return count;
        });
    }

    /** The registers behind it. */
    public IoMemory map(CancelToken cancel) {
        if (isText()) {
            throw new KernelException(Errno.ENODEV, name() + " cannot be mapped");
        }
        return call("mmap", cancel, () -> content().map(subject));
    }

    /** The part of a buffer that lies before the end of the file; a file of size 0 has no known end. */
    private ByteBuffer upToEnd(ByteBuffer buffer, long position) {
        ByteBuffer part = buffer.duplicate().order(buffer.order());
        long size = size();
        if (size > 0) {
            part.limit(part.position() + (int) Math.min(part.remaining(), Math.max(0, size - position)));
        }
        return part;
    }

    private TextAttribute<Object> text() {
        if (attribute instanceof TextAttribute<Object> text) {
            return text;
        }
        throw new KernelException(Errno.EINVAL, name() + " is no text");
    }

    private BinaryAttribute.Content<? super Object> content() {
        if (attribute instanceof BinaryAttribute<Object> binary) {
            return binary.content();
        }
        throw new KernelException(Errno.EINVAL, name() + " is a text");
    }

    private <R> R call(String what, CancelToken cancel, Supplier<R> code) {
        if (directory.isRemoved()) {
            throw new KernelException(Errno.ENODEV, directory + " has gone");
        }
        return owner.call(what + " of " + directory + "/" + name(), cancel, code);
    }
}
