package org.cardcage.vfs;

import org.cardcage.kernel.CancelToken;

/**
 * One system call on an open file while it is under way (Linux {@code struct kiocb}).
 *
 * @param file the open file
 * @param position where to read or write, in bytes; for the calls without a position of their own this is the file's
 * @param cancel what a sleep of this call must use, so that a close, an interrupt or a removal ends it
 */
public record IoCall(OpenFile file, long position, CancelToken cancel) {}
