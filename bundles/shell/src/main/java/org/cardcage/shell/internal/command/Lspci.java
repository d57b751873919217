package org.cardcage.shell.internal.command;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Driver;
import org.cardcage.kmod.Kmod;
import org.cardcage.pci.PciBus;
import org.cardcage.pci.PciDevice;
import org.cardcage.shell.internal.lspci.LspciFilter;
import org.cardcage.shell.internal.lspci.LspciFormatter;
import org.cardcage.shell.internal.lspci.PciFunction;
import org.cardcage.shell.internal.lspci.PciIds;
import org.cardcage.vfs.SystemCalls;

/** {@code lspci}: the functions on the PCI buses, as pciutils 3.9 prints them. */
final class Lspci implements Command {

    private static final String OPTIONS = "nkDs:d:i:";

    private final PciBus bus;
    private final Kmod kmod;
    private final SystemCalls kernel;
    private final Supplier<PciIds> ids;

    /**
     * @param ids the database of names, unless the user gives another one
     */
    Lspci(PciBus bus, Kmod kmod, SystemCalls kernel, Supplier<PciIds> ids) {
        this.bus = bus;
        this.kmod = kmod;
        this.kernel = kernel;
        this.ids = ids;
    }

    @Override
    public Help help() {
        return new Help(
                "lspci",
                "[-n|-nn] [-k] [-D] [-s SLOT] [-d ID] [-i FILE]",
                "list PCI functions, -n their numbers, -nn both, -k drivers, -D domains\n"
                        + "-s [[[domain]:]bus]:][slot][.function], -d [vendor]:[device][:class]",
                "lspci -nnk -s 00:04.0");
    }

    @Override
    public int run(Invocation call) throws IOException {
        if (call.arguments().equals(List.of("--version"))) {
            call.println("lspci version 3.9.0");
            return 0;
        }
        Options options;
        try {
            options = Options.parse(call.arguments(), OPTIONS);
        } catch (Options.BadOptionException | Options.HelpWantedException e) {
            // lspci knows no long options at all, and none that asks for help
            call.complain(plain(e.getMessage()));
            return usage(call);
        }
        if (!options.operands().isEmpty()) {
            return usage(call);
        }
        LspciFilter filter = new LspciFilter();
        try {
            options.values("s").forEach(text -> narrow("-s", () -> filter.slot(text)));
            options.values("d").forEach(text -> narrow("-d", () -> filter.id(text)));
        } catch (IllegalArgumentException e) {
            call.complain(e.getMessage());
            return 1;
        }
        boolean drivers = options.has("k");
        PciIds names = options.has("i") ? read(call, options.value("i").orElseThrow()) : ids.get();
        LspciFormatter formatter = new LspciFormatter(names, options.count("n"), options.has("D"), drivers);
        call.print(formatter.list(
                bus.devices().stream().map(d -> function(d, drivers)).toList(), filter));
        return 0;
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

    private int usage(Invocation call) throws IOException {
        call.message(help().text().stripTrailing());
        return 1;
    }

    private static void narrow(String option, Runnable parse) {
        try {
            parse.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
        }
    }

    /** A database that cannot be read is an empty one, as for pciutils. */
    private PciIds read(Invocation call, String file) {
        try (InputStream in = FileReader.open(kernel, call, file)) {
            return PciIds.parse(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException | KernelException e) {
            return PciIds.EMPTY;
        }
    }

    private PciFunction function(PciDevice d, boolean drivers) {
        return new PciFunction(
                d.address(),
                d.vendor(),
                d.device(),
                d.classCode() >>> 8,
                d::readConfig,
                drivers ? d.driver().map(Driver::name) : Optional.empty(),
                drivers ? List.copyOf(kmod.modulesFor(d.modalias())) : List.of());
    }
}
