package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.cardcage.kmod.Kmod;
import org.cardcage.pci.PciBus;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.lspci.SetpciOperation.BadLineException;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.Slot;
import org.cardcage.vfs.SystemCalls;

/** {@code setpci}: registers in the configuration space, read and written by name or address as with pciutils 3.9. */
public final class Setpci implements Command {

    private static final int EXTENDED = 4096;

    private final Function<Boolean, List<ConfigTarget>> live;
    private final SystemCalls kernel;
    private final SetpciRegisters registers = new SetpciRegisters();

    public Setpci(PciBus bus, Kmod kmod, SystemCalls kernel) {
        this(privileged -> live(bus, kmod, privileged), kernel);
    }

    /** @param live the functions of the machine by address, for one who may read and write all of it or not */
    Setpci(Function<Boolean, List<ConfigTarget>> live, SystemCalls kernel) {
        this.live = live;
        this.kernel = kernel;
    }

    private static List<ConfigTarget> live(PciBus bus, Kmod kmod, boolean privileged) {
        LiveFunctions functions = new LiveFunctions(bus, kmod);
        return bus.devices().stream()
                .<ConfigTarget>map(
                        d -> new ConfigTarget.Live(functions.read(d, privileged, EXTENDED, false), d, privileged))
                .toList();
    }

    /** What is done to the functions that a filter lets through. */
    private record Group(LspciFilter filter, List<SetpciOperation> operations) {

        /** The only address that is let through. */
        Optional<Slot> address() {
            return filter.domain().isEmpty()
                            || filter.bus().isEmpty()
                            || filter.device().isEmpty()
                            || filter.function().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Slot(
                            filter.domain().getAsInt(),
                            filter.bus().getAsInt(),
                            filter.device().getAsInt(),
                            filter.function().getAsInt()));
        }
    }

    /** The command line, taken apart from left to right. */
    private final class Line {

        private final List<String> words;
        private final AccessOptions access = new AccessOptions();
        private final List<Group> groups = new ArrayList<>();
        private boolean verbose;
        private boolean force;
        private boolean demo;
        private boolean raw;
        private int next;

        Line(List<String> words) {
            this.words = words;
            while (next < words.size()
                    && access.answer().isEmpty()
                    && words.get(next).startsWith("-")
                    && general(words.get(next))) {
                next++;
            }
        }

        /** Whether the word holds general options; else it begins a group. */
        private boolean general(String word) {
            for (int i = 1; i < word.length(); i++) {
                char letter = word.charAt(i);
                switch (letter) {
                    case 'v' -> verbose = true;
                    case 'f' -> force = true;
                    case 'D' -> demo = true;
                    case 'r' -> raw = true;
                    case 'G' -> {
                        // tracing of the access changes nothing here
                    }
                    case ':' -> throw new BadLineException("Unable to parse option -:");
                    case 'A', 'O', 'H' -> {
                        String rest = word.substring(i + 1);
                        access.take(String.valueOf(letter), rest.isEmpty() ? value(letter) : rest);
                        return true;
                    }
                    default -> {
                        if (i > 1) {
                            throw new BadLineException("Invalid or misplaced option -" + letter);
                        }
                        return false;
                    }
                }
            }
            return true;
        }

        private String value(char letter) {
            if (next + 1 > words.size() - 1) {
                throw new BadLineException("Option -" + letter + " requires an argument");
            }
            return words.get(++next);
        }

        /** Reads the rest of the line. */
        void operations() {
            while (next < words.size()) {
                operation(words.get(next++));
            }
            if (groups.isEmpty()) {
                throw new BadLineException("No operation specified");
            }
        }

        /** Whether nothing has to be looked for: each group that does something names a whole address, and -r was given. */
        boolean isRaw() {
            return groups.stream()
                    .allMatch(
                            g -> g.operations().isEmpty() || raw && g.address().isPresent());
        }

        private void operation(String word) {
            if (!word.startsWith("-")) {
                if (groups.isEmpty()) {
                    throw new BadLineException("Filter specification expected");
                }
                groups.get(groups.size() - 1).operations().add(SetpciOperation.parse(word, registers));
                return;
            }
            char letter = word.length() > 1 ? word.charAt(1) : '\0';
            if (letter != 's' && letter != 'd') {
                throw new BadLineException("Invalid option -" + letter);
            }
            if (word.length() == 2 && next >= words.size()) {
                throw new BadLineException("Option -" + letter + " requires an argument");
            }
            String value = word.length() > 2 ? word.substring(word.charAt(2) == '=' ? 3 : 2) : words.get(next++);
            if (groups.isEmpty() || !groups.get(groups.size() - 1).operations().isEmpty()) {
                groups.add(new Group(new LspciFilter(), new ArrayList<>()));
            }
            narrow(groups.get(groups.size() - 1).filter(), letter, value);
        }
    }

    private static void narrow(LspciFilter filter, char letter, String value) {
        try {
            if (letter == 's') {
                filter.slot(value);
            } else {
                filter.id(value);
            }
        } catch (IllegalArgumentException e) {
            throw new BadLineException("Unable to parse filter -" + letter + " " + e.getMessage());
        }
    }

    @Override
    public Help help() {
        return new Help(
                "setpci",
                "[-f] [-v] [-D] [-r] [-A METHOD] [-O PARAMETER] [-s SLOT] [-d ID] REGISTER...",
                "read or write PCI configuration: REGISTER or REGISTER=VALUE\n"
                        + "a register is NAME, CAP_NAME, ECAP_NAME or a hexadecimal address, then [+offset][.B|.W|.L][@number];\n"
                        + "a value is hexadecimal[:mask], several with commas go into the registers behind it.\n"
                        + "-v tells each step, -D writes nothing, -f does not complain if nothing is selected,\n"
                        + "--dumpregs lists the names",
                "setpci -s 00:04.0 COMMAND\nsetpci -v -s 00:04.0 COMMAND=4:4");
    }

    @Override
    public int run(Invocation call) throws IOException {
        if (call.arguments().size() == 1) {
            Optional<String> text =
                    switch (call.arguments().get(0)) {
                        case "--help" -> Optional.of(help().text());
                        case "--version" -> Optional.of("setpci version 3.9.0\n");
                        case "--dumpregs" -> Optional.of(registers.list());
                        default -> Optional.empty();
                    };
            if (text.isPresent()) {
                call.print(text.get());
                return 0;
            }
        }
        try {
            execute(call, new Line(call.arguments()));
            return 0;
        } catch (BadLineException e) {
            call.complain(e.getMessage() + ".\nTry `setpci --help' for more information.");
            return 1;
        } catch (IllegalArgumentException e) {
            call.complain(e.getMessage());
            return 1;
        }
    }

    private void execute(Invocation call, Line line) throws IOException {
        if (line.access.answer().isPresent()) {
            call.print(line.access.answer().get());
            return;
        }
        List<ConfigTarget> targets = targets(call, line.access);
        line.operations();
        SetpciRun run = new SetpciRun(call, line.verbose, line.demo);
        int number = 0;
        for (Group group : line.groups) {
            number++;
            boolean any = false;
            for (ConfigTarget target : line.isRaw() && group.address().isPresent() ? raw(group, targets) : targets) {
                if (group.filter().matches(target.function())) {
                    any = true;
                    for (SetpciOperation op : group.operations()) {
                        run.execute(op, target);
                    }
                }
            }
            if (!any && !line.force) {
                call.complain("Warning: No devices selected for operation group " + number + ".");
            }
        }
    }

    /** The function at the address of the group, or what is read where there is none. */
    private static List<ConfigTarget> raw(Group group, List<ConfigTarget> targets) {
        return group.address().stream()
                .map(at -> targets.stream()
                        .filter(t -> t.function().slot().equals(at))
                        .findFirst()
                        .orElseGet(() -> new ConfigTarget.InDump(PciFunction.ofDump(at, new ConfigBytes(new byte[0])))))
                .toList();
    }

    /** The functions of the machine by address, those of a dump in the order in which pciutils has them, the last line first. */
    private List<ConfigTarget> targets(Invocation call, AccessOptions access) throws IOException {
        List<ConfigTarget> targets = new ArrayList<>();
        Optional<String> dump = access.dumpFile();
        if (dump.isPresent()) {
            DumpFile.read(kernel, call, dump.get()).forEach(f -> targets.add(new ConfigTarget.InDump(f)));
            Collections.reverse(targets);
            return targets;
        }
        return live.apply(call.credentials().uid() == 0);
    }

    @Override
    public List<String> offers(String kind, List<String> before) {
        if (kind.equals("REGISTER")) {
            return registers.names();
        }
        return kind.equals("SLOT")
                ? live.apply(true).stream()
                        .map(t -> t.function().slot().withoutDomain())
                        .toList()
                : List.of();
    }
}
