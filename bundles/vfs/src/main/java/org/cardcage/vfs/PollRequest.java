package org.cardcage.vfs;

import java.util.Set;

/**
 * A file to be polled (Linux {@code struct pollfd}).
 *
 * @param file the file
 * @param events what is asked for; ERR, HUP and NVAL are told anyway
 */
public record PollRequest(OpenFile file, Set<PollEvent> events) {}
