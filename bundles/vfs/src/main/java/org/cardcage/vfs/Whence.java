package org.cardcage.vfs;

/** What an offset of a seek counts from. */
public enum Whence {
    /** The start of the file (SEEK_SET). */
    SET,
    /** The present position (SEEK_CUR). */
    CUR,
    /** The end of the file (SEEK_END). */
    END;

    /** The position that the offset is added to. */
    public long base(long current, long size) {
        return switch (this) {
            case SET -> 0;
            case CUR -> current;
            case END -> size;
        };
    }
}
