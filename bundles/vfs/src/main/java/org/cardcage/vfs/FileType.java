package org.cardcage.vfs;

/** Kinds of files, with the bits of {@code st_mode} and the letter of {@code ls -l}. */
public enum FileType {
    REGULAR(0100000, '-'),
    DIRECTORY(0040000, 'd'),
    SYMLINK(0120000, 'l'),
    CHAR_DEVICE(0020000, 'c'),
    /** Only seen below {@code /host}. */
    BLOCK_DEVICE(0060000, 'b'),
    /** Only seen below {@code /host}. */
    FIFO(0010000, 'p'),
    /** Only seen below {@code /host}. */
    SOCKET(0140000, 's');

    private static final int TYPE_MASK = 0170000;

    private final int bits;
    private final char letter;

    FileType(int bits, char letter) {
        this.bits = bits;
        this.letter = letter;
    }

    /** The type bits of {@code st_mode}. */
    public int bits() {
        return bits;
    }

    /** The kind that the type bits of a {@code st_mode} mean; ordinary for bits that mean nothing. */
    public static FileType ofMode(int mode) {
        for (FileType type : values()) {
            if (type.bits == (mode & TYPE_MASK)) {
                return type;
            }
        }
        return REGULAR;
    }

    /** First letter of a line of {@code ls -l}. */
    public char letter() {
        return letter;
    }
}
