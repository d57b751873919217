package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.util.List;

/**
 * A command of the shell.
 *
 * <p>Threads: any, several at once; commands keep no state of a call.
 */
public interface Command {

    /**
     * What {@code help} tells.
     *
     * @param name the word that calls it
     * @param usage the words after the name, as in {@code [-f] NAME...}
     * @param summary one line of at most 64 columns for the list of all commands; more may follow for the command alone
     * @param example a command line, or several
     */
    record Help(String name, String usage, String summary, String example) {

        /** What {@code help NAME} and {@code NAME --help} print: lines with their ends. */
        public String text() {
            return "Usage: " + (name + " " + usage).strip() + "\n" + summary + "\nExample: "
                    + example.replace("\n", "\n         ") + "\n";
        }

        /** The line for the list of all commands. */
        public String title() {
            return summary.lines().findFirst().orElse("");
        }

        /** The usage line, taken apart. */
        public Usage usageWords() {
            return Usage.of(usage);
        }
    }

    /** What {@code help} tells about it. */
    Help help();

    /**
     * Runs it. An exception that comes out of here is printed after the name of the command, and the status is {@link
     * #usageStatus} for bad options, 130 for an interrupt, else 1.
     *
     * @return the exit status, 0 to 255
     * @throws IOException what reading standard input or writing standard output threw
     * @throws org.cardcage.kernel.KernelException what a system call threw
     * @throws Options.BadOptionException if the options are not those of the command
     */
    int run(Invocation call) throws IOException;

    /**
     * What Tab offers for a word of the command line; files are offered by the shell itself.
     *
     * @param kind what the usage line calls it
     * @param before the words between the command's name and this one
     */
    default List<String> offers(String kind, List<String> before) {
        return List.of();
    }

    /** Exit status for options that the command does not know. */
    default int usageStatus() {
        return 1;
    }
}
