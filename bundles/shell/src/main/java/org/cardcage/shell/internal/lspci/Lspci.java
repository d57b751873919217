package org.cardcage.shell.internal.lspci;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cardcage.kmod.Kmod;
import org.cardcage.pci.PciBus;
import org.cardcage.shell.internal.command.Command;
import org.cardcage.shell.internal.command.Invocation;
import org.cardcage.shell.internal.command.Options;
import org.cardcage.shell.internal.lspci.function.ConfigBytes;
import org.cardcage.shell.internal.lspci.function.PciFunction;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.shell.internal.lspci.function.PciNames;
import org.cardcage.shell.internal.lspci.function.Slot;
import org.cardcage.vfs.SystemCalls;

/** {@code lspci}: the functions on the PCI buses or in a dump, as pciutils 3.9 prints them. */
public final class Lspci implements Command {

    private static final String OPTIONS = "nvbxs:d:tPi:mgp:qkMDQ" + AccessOptions.LETTERS;
    private static final String USUAL_IDS = "/usr/share/misc/pci.ids.gz";
    private static final int STANDARD = 256;
    private static final int EXTENDED = 4096;

    private final PciBus bus;
    private final Kmod kmod;
    private final SystemCalls kernel;
    private final Supplier<PciIds> ids;

    /**
     * @param ids the database of names, unless the user gives another one
     */
    public Lspci(PciBus bus, Kmod kmod, SystemCalls kernel, Supplier<PciIds> ids) {
        this.bus = bus;
        this.kmod = kmod;
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public Help help() {
        return new Help(
                "lspci",
                "[-n|-nn] [-v|-vv|-vvv] [-k] [-x|-xxx|-xxxx] [-t] [-D] [-P|-PP] [-b] [-m|-mm] [-s SLOT] [-d ID]"
                        + " [-i FILE] [-F FILE] [-A METHOD] [-O PARAMETER]",
                "list PCI functions: -n numbers, -v all registers, -k drivers\n"
                        + "-nn names and numbers, -x bytes, -t as a tree, -D domains, -P bridges on the way, -b as the bus\n"
                        + "sees them, -mm and -vmm for programs, -F from a dump made by lspci -xxxx, -i other names\n"
                        + "-s [[[domain]:]bus]:][slot][.function], -d [vendor]:[device][:class[:prog-if]]",
                "lspci -nnk -s 00:04.0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        if (call.arguments().equals(List.of("--version"))) {
            call.println("lspci version 3.9.0");
            return 0;
        }
        AccessOptions access = new AccessOptions();
        LspciFilter filter = new LspciFilter();
        String[] idFile = {USUAL_IDS};
        try {
            Options options = Options.parse(call.arguments(), OPTIONS, (option, value) -> {
                switch (option) {
                    case "s" -> narrow("-s", () -> filter.slot(value));
                    case "d" -> narrow("-d", () -> filter.id(value));
                    case "i" -> idFile[0] = value;
                    case "g" -> {
                        return false;
                    }
                    default -> {
                        return access.take(option, value);
                    }
                }
                return true;
            });
            if (access.answer().isPresent()) {
                call.print(access.answer().get());
                return 0;
            }
            // -g is a remnant that pciutils takes from its user, but does not know
            boolean known = options.operands().isEmpty() && !options.has("g");
            return known ? run(call, options, access, filter) : usage(call, idFile[0]);
        } catch (Options.BadOptionException | Options.HelpWantedException e) {
            // lspci knows no long options at all, and none that asks for help
            call.complain(plain(e.getMessage()));
            return usage(call, idFile[0]);
        } catch (IllegalArgumentException e) {
            call.complain(e.getMessage());
            return 1;
        }
    }

    private int run(Invocation call, Options options, AccessOptions access, LspciFilter filter) throws IOException {
        View view = view(options);
        boolean map = options.has("M");
        Optional<String> dump = access.dumpFile();
        List<PciFunction> functions =
                dump.isPresent() ? byAddress(DumpFile.read(kernel, call, dump.get())) : live(call, options, view);
        if (map && view.needsTopology()) {
            throw new IllegalArgumentException("Bus mapping mode does not recognize bus topology");
        }
        Optional<String> idFile = options.value("i");
        PciIds names = idFile.isPresent() ? IdFile.read(kernel, call, idFile.get()) : ids.get();
        PciListing listing = new PciListing(functions, view, new PciNames(names, options.count("n")));
        List<Slot> absent = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        try {
            if (map) {
                listing.map(filter, absent::add, text);
            } else {
                listing.print(filter, text);
            }
        } finally {
            call.out().write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        for (String warning : listing.warnings()) {
            call.message(warning);
        }
        if (dump.isEmpty()) {
            for (Slot slot : absent) {
                call.message("pcilib: Cannot open /sys/bus/pci/devices/" + slot + "/config");
            }
        }
        return 0;
    }

    private static View view(Options options) {
        return new View(
                options.count("v"),
                options.count("x"),
                options.count("m"),
                options.has("k"),
                options.has("D"),
                options.count("P"),
                options.has("t"),
                options.has("b"));
    }

    private static List<PciFunction> byAddress(List<PciFunction> functions) {
        return functions.stream()
                .sorted(Comparator.comparing(PciFunction::slot))
                .toList();
    }

    private List<PciFunction> live(Invocation call, Options options, View view) {
        List<PciFunction> live = new LiveFunctions(bus, kmod)
                .read(call.credentials().uid() == 0, level(view), view.kernel() || view.verbose() > 0);
        return options.has("b") ? live.stream().map(PciFunction::seenFromBus).toList() : live;
    }

    /** How much of each configuration space is shown: reading all of it would cost a thousand cycles for each function. */
    private static int level(View view) {
        if (view.hex() > 3 || view.verbose() > 0 && view.machine() == 0 && !view.tree()) {
            return EXTENDED;
        }
        return view.hex() > 2 ? STANDARD : ConfigBytes.HEADER;
    }

    @Override
    public List<String> offers(String kind, List<String> before) {
        if (!kind.equals("SLOT")) {
            return List.of();
        }
        return bus.devices().stream()
                .map(device -> device.address().toString().replaceFirst("^0000:", ""))
                .toList();
    }

    private static String plain(String message) {
        return message.startsWith("unrecognized") ? "invalid option -- '-'" : message;
    }

    private static int usage(Invocation call, String ids) throws IOException {
        call.message(LspciUsage.text(ids).stripTrailing());
        return 1;
    }

    private static void narrow(String option, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }
}
