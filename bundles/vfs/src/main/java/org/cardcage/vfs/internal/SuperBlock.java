package org.cardcage.vfs.internal;

/** A file system that can be mounted (Linux {@code struct super_block}). */
public abstract class SuperBlock {

    private final String type;
    private final int device;

    /**
     * @param type as in {@code /proc/mounts}
     * @param device number of the file system, as in {@code st_dev}
     */
    protected SuperBlock(String type, int device) {
        this.type = type;
        this.device = device;
    }

    /** The type as in {@code /proc/mounts}. */
    public final String type() {
        return type;
    }

    /** The number that tells its files from those of others. */
    public final int device() {
        return device;
    }

    /** The directory that appears where it is mounted. */
    public abstract Inode root();

    /**
     * Whether its symbolic links mean its own root, so that neither an absolute link nor one with too many {@code ..}
     * leads out of it.
     */
    public boolean confinesLinks() {
        return false;
    }
}
