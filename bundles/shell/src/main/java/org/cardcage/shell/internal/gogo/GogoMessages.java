package org.cardcage.shell.internal.gogo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cardcage.kernel.Errno;
import org.cardcage.shell.internal.command.NotFound;

/**
 * Standard error of a session. If a part of a pipe other than the last cannot be started, Gogo writes the name of the
 * exception's class there; here that becomes the words of Linux.
 *
 * @param target where everything goes
 */
record GogoMessages(WritableByteChannel target) implements WritableByteChannel {

    private static final Pattern MESSAGE = Pattern.compile("gogo: (\\w+): (.*)\n", Pattern.DOTALL);

    private static final Map<String, Errno> ERRNOS = Map.of(
            "NoSuchFileException", Errno.ENOENT,
            "AccessDeniedException", Errno.EACCES,
            "NotDirectoryException", Errno.ENOTDIR,
            "FileAlreadyExistsException", Errno.EEXIST,
            "FileSystemLoopException", Errno.ELOOP);

    @Override
    public int write(ByteBuffer from) throws IOException {
        int length = from.remaining();
        byte[] bytes = new byte[length];
        from.get(bytes);
        Matcher m = MESSAGE.matcher(new String(bytes, StandardCharsets.UTF_8));
        target.write(
                m.matches()
                        ? StandardCharsets.UTF_8.encode(translated(m.group(1), m.group(2)))
                        : ByteBuffer.wrap(bytes));
        return length;
    }

    private static String translated(String exception, String message) {
        Errno errno = ERRNOS.get(exception);
        return NotFound.SHELL + ": " + message + (errno == null ? "" : ": " + errno.text()) + "\n";
    }

    @Override
    public boolean isOpen() {
        return target.isOpen();
    }

    @Override
    public void close() throws IOException {
        target.close();
    }
}
