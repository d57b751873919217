package org.cardcage.vfs.internal.procfs;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.vfs.internal.Content;

/** A text as it was when its file was opened. */
final class ProcContent implements Content {

    private final byte[] bytes;

    ProcContent(String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read(ByteBuffer to, long position) {
        if (position >= bytes.length) {
            return 0;
        }
        int count = Math.min(to.remaining(), bytes.length - (int) position);
        to.put(bytes, (int) position, count);
        return count;
    }

    @Override
    public int write(ByteBuffer from, long position) {
        throw readOnly();
    }

    @Override
    public long append(ByteBuffer from) {
        throw readOnly();
    }

    private static KernelException readOnly() {
        return new KernelException(Errno.EIO, "an entry of /proc takes no data");
    }

    @Override
    public long size() {
        return bytes.length;
    }

    /** Linux accepts the O_TRUNC of a shell's redirection and refuses the write. */
    @Override
    public void truncate(long size) {}
}
