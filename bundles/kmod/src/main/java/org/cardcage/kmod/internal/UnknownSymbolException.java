package org.cardcage.kmod.internal;

import java.util.List;

/** A module needs something that is not there, or not in its version. */
public final class UnknownSymbolException extends Exception {

    private static final long serialVersionUID = 1;

    private final List<String> unknown;
    private final List<String> disagreeing;

    /**
     * @param unknown symbols, packages and services that nobody offers
     * @param disagreeing packages that are there in a version that does not fit
     */
    public UnknownSymbolException(List<String> unknown, List<String> disagreeing) {
        super("unknown " + unknown + ", of another version " + disagreeing);
        this.unknown = List.copyOf(unknown);
        this.disagreeing = List.copyOf(disagreeing);
    }

    public List<String> unknown() {
        return List.copyOf(unknown);
    }

    public List<String> disagreeing() {
        return List.copyOf(disagreeing);
    }
}
