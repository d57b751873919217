package org.cardcage.vfs;

/**
 * The numbers of device commands, encoded as on Linux x86-64 ({@code include/uapi/asm-generic/ioctl.h}): two bits of
 * direction as the caller sees it, fourteen bits of size, eight of type and eight of number.
 */
public final class Ioctl {

    private static final int WRITE = 1;
    private static final int READ = 2;
    private static final int MAX_SIZE = 0x3fff;

    private Ioctl() {}

    /** A command without a record (Linux {@code _IO}). */
    public static int none(char type, int number) {
        return encode(0, type, number, 0);
    }

    /** A command that returns a record (Linux {@code _IOR}). */
    public static int read(char type, int number, int size) {
        return encode(READ, type, number, size);
    }

    /** A command that takes a record (Linux {@code _IOW}). */
    public static int write(char type, int number, int size) {
        return encode(WRITE, type, number, size);
    }

    /** A command that takes a record and returns it changed (Linux {@code _IOWR}). */
    public static int readWrite(char type, int number, int size) {
        return encode(READ | WRITE, type, number, size);
    }

    /** The size of the command's record in bytes (Linux {@code _IOC_SIZE}). */
    public static int size(int command) {
        return command >>> 16 & MAX_SIZE;
    }

    /** Whether the command takes a record from the caller ({@code _IOC_WRITE}). */
    public static boolean takesRecord(int command) {
        return (command >>> 30 & WRITE) != 0;
    }

    /** Whether the command returns a record to the caller ({@code _IOC_READ}). */
    public static boolean returnsRecord(int command) {
        return (command >>> 30 & READ) != 0;
    }

    private static int encode(int direction, char type, int number, int size) {
        if (type > 0xff || number < 0 || number > 0xff || size < 0 || size > MAX_SIZE) {
            throw new IllegalArgumentException("type " + (int) type + ", number " + number + ", size " + size);
        }
        return direction << 30 | size << 16 | type << 8 | number;
    }
}
