package org.cardcage.shell.internal.command;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.cardcage.kernel.Kernel;
import org.cardcage.kmod.Kmod;
import org.cardcage.pci.PciBus;
import org.cardcage.shell.internal.lspci.Lspci;
import org.cardcage.shell.internal.lspci.Setpci;
import org.cardcage.shell.internal.lspci.function.PciIds;
import org.cardcage.vfs.SystemCalls;

/**
 * All commands of the shell.
 *
 * <p>Threads: immutable.
 */
public final class CommandSet {

    private final List<Command> commands = new ArrayList<>();

    /**
     * @param ids the names that {@code lspci} prints
     * @param clock wall clock and time zone
     */
    public CommandSet(Kernel kernel, SystemCalls calls, PciBus pci, Kmod kmod, Supplier<PciIds> ids, Clock clock) {
        commands.addAll(List.of(
                new Cat(calls),
                new DirectoryCommands.Cd(calls),
                new CopyCommands.Cp(calls),
                new NotFound(calls),
                new Dmesg(kernel.log()),
                new DateCommand(clock),
                new Echo(),
                new SessionCommands.Exit(),
                new Head(calls),
                new HelpCommand(commands),
                new Hexdump(calls),
                new UserCommands.Id()));
        commands.addAll(List.of(
                new ModuleCommands.Insmod(kmod, calls),
                new FileTreeCommands.Ln(calls),
                new Ls(calls, clock),
                new ModuleCommands.Lsmod(kmod),
                new Lspci(pci, kmod, calls, ids),
                new FileTreeCommands.Mkdir(calls),
                new Mknod(calls),
                new Modprobe(kmod, calls),
                new FileTreeCommands.Mv(calls),
                new SessionCommands.Poweroff(),
                new DirectoryCommands.Pwd()));
        commands.addAll(List.of(
                new Grep(calls),
                new Rm(calls),
                new FileTreeCommands.Rmdir(calls),
                new ModuleCommands.Rmmod(kmod),
                new Setpci(pci, kmod, calls),
                new SessionCommands.Sleep(kernel.scheduler()),
                new Sort(calls),
                new UserCommands.Su(),
                new Tail(calls),
                new CopyCommands.Tee(calls),
                new TestCommand(calls),
                new Wc(calls)));
    }

    /** The commands. */
    public List<Command> commands() {
        return Collections.unmodifiableList(commands);
    }
}
