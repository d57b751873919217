package org.cardcage.shell.internal.lspci;

/**
 * What of each function is shown, and how.
 *
 * @param verbose how often {@code -v} was given
 * @param hex how often {@code -x} was given
 * @param machine how often {@code -m} was given
 * @param kernel whether drivers and modules are shown ({@code -k})
 * @param domains whether domain numbers are shown even if there is only domain 0 ({@code -D})
 * @param path how often {@code -P} was given
 * @param tree whether a tree is drawn ({@code -t})
 * @param bus whether addresses and interrupts are shown as the bus sees them ({@code -b})
 */
public record View(
        int verbose, int hex, int machine, boolean kernel, boolean domains, int path, boolean tree, boolean bus) {

    /** Whether it must be known which bridge leads to a function. */
    boolean needsTopology() {
        return tree || path > 0;
    }
}
