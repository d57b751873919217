package org.cardcage.vfs;

/** Kinds of files, with the bits of {@code st_mode} and the letter of {@code ls -l}. */
public enum FileType {
    REGULAR(0100000, '-'),
    DIRECTORY(0040000, 'd'),
    SYMLINK(0120000, 'l'),
    CHAR_DEVICE(0020000, 'c');

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

    /** First letter of a line of {@code ls -l}. */
    public char letter() {
        return letter;
    }
}
