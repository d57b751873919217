package org.cardcage.shell.internal.lspci;

/** What lspci 3.9 tells who gives it options that it does not know. */
final class LspciUsage {

    private static final String TEXT = """
            Usage: lspci [<switches>]

            Basic display modes:
            -mm\t\tProduce machine-readable output (single -m for an obsolete format)
            -t\t\tShow bus tree

            Display options:
            -v\t\tBe verbose (-vv or -vvv for higher verbosity)
            -k\t\tShow kernel drivers handling each device
            -x\t\tShow hex-dump of the standard part of the config space
            -xxx\t\tShow hex-dump of the whole config space (dangerous; root only)
            -xxxx\t\tShow hex-dump of the 4096-byte extended config space (root only)
            -b\t\tBus-centric view (addresses and IRQ's as seen by the bus)
            -D\t\tAlways show domain numbers
            -P\t\tDisplay bridge path in addition to bus and device number
            -PP\t\tDisplay bus path in addition to bus and device number

            Resolving of device ID's to names:
            -n\t\tShow numeric ID's
            -nn\t\tShow both textual and numeric ID's (names & numbers)
            -q\t\tQuery the PCI ID database for unknown ID's via DNS
            -qq\t\tAs above, but re-query locally cached entries
            -Q\t\tQuery the PCI ID database for all ID's via DNS

            Selection of devices:
            -s [[[[<domain>]:]<bus>]:][<slot>][.[<func>]]\tShow only devices in selected slots
            -d [<vendor>]:[<device>][:<class>]\t\tShow only devices with specified ID's

            Other options:
            -i <file>\tUse specified ID database instead of %s
            -p <file>\tLook up kernel modules in a given file instead of default modules.pcimap
            -M\t\tEnable `bus mapping' mode (dangerous; root only)

            PCI access options:
            -A <method>\tUse the specified PCI access method (see `-A help' for a list)
            -O <par>=<val>\tSet PCI access parameter (see `-O help' for a list)
            -G\t\tEnable PCI access debugging
            -H <mode>\tUse direct hardware access (<mode> = 1 or 2)
            -F <file>\tRead PCI configuration dump from a given file
            """;

    private LspciUsage() {}

    /** @param ids the database of names that would be used */
    static String text(String ids) {
        return String.format(TEXT, ids);
    }
}
