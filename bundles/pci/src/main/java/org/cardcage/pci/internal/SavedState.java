package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciResource;

/**
 * A copy of what software has set up in the configuration of a function: header, PCI Express controls, messages with the
 * table of MSI-X (Linux {@code pci_save_state}). Does not change.
 */
final class SavedState {

    private static final int HEADER = 0x40;
    private static final int MSI_WIDE = 1 << 7;
    private static final int MSI_MASKABLE = 1 << 8;
    private static final int MSIX_ENABLE = 1 << 15;
    private static final int MSIX_MASK_ALL = 1 << 14;
    private static final int MSIX_SIZE = 0x7ff;
    private static final int MSIX_TABLE = 4;
    private static final int MSIX_ENTRY = 16;
    /** Device, link, slot and root control, and the same of version 2. */
    private static final int[] EXPRESS_CONTROLS = {0x08, 0x10, 0x18, 0x1c, 0x28, 0x30, 0x38};

    private record Word(int offset, int size, int value) {}

    private final Machine machine;
    private final PciFunction function;
    private final PciConfig config;
    private final int[] header = new int[HEADER / 4];
    /** In the order in which they are written back. */
    private final List<Word> words = new ArrayList<>();

    private int msix;
    private int[] table = {};

    private SavedState(PciFunction function, Machine machine) {
        this.machine = machine;
        this.function = function;
        this.config = function.config();
    }

    static SavedState of(PciFunction function, Machine machine, Capabilities capabilities) {
        SavedState state = new SavedState(function, machine);
        for (int i = 0; i < state.header.length; i++) {
            state.header[i] = state.config.read(4 * i, 4);
        }
        capabilities.find(CAP_ID_EXPRESS).ifPresent(state::keepExpress);
        capabilities.find(CAP_ID_MSI).ifPresent(state::keepMsi);
        capabilities.find(CAP_ID_MSIX).ifPresent(state::keepMsix);
        return state;
    }

    private void keep(int offset, int size) {
        words.add(new Word(offset, size, config.read(offset, size)));
    }

    private void keepExpress(int offset) {
        boolean second = (config.read(offset + EXPRESS_FLAGS, 2) & 0xf) > 1;
        for (int control : EXPRESS_CONTROLS) {
            if (second || control < 0x28) {
                keep(offset + control, 2);
            }
        }
    }

    private void keepMsi(int offset) {
        int control = config.read(offset + MESSAGE_CONTROL, 2);
        boolean wide = (control & MSI_WIDE) != 0;
        keep(offset + 4, 4);
        if (wide) {
            keep(offset + 8, 4);
        }
        keep(offset + (wide ? 0xc : 8), 2);
        if ((control & MSI_MASKABLE) != 0) {
            keep(offset + (wide ? 0x10 : 0xc), 4);
        }
        keep(offset + MESSAGE_CONTROL, 2); // the enable bit comes last
    }

    private void keepMsix(int offset) {
        int control = config.read(offset + MESSAGE_CONTROL, 2);
        keep(offset + MESSAGE_CONTROL, 2);
        IoMemory memory = (control & MSIX_ENABLE) != 0 ? table(offset, control) : null;
        if (memory != null) {
            msix = offset;
            table = new int[(int) memory.length() / 4];
            for (int i = 0; i < table.length; i++) {
                table[i] = memory.read32(4L * i);
            }
        }
    }

    /** The table, if it can be reached. */
    private IoMemory table(int offset, int control) {
        int where = config.read(offset + MSIX_TABLE, 4);
        PciResource bar = function.regions().find(where & 7).orElse(null);
        long length = (long) ((control & MSIX_SIZE) + 1) * MSIX_ENTRY;
        long start = where & ~7 & 0xffff_ffffL;
        boolean usable = bar != null && bar.isAssigned() && !bar.io() && start + length <= bar.length();
        return usable && (header[1] & COMMAND_MEMORY) != 0 ? machine.map(bar.start() + start, length) : null;
    }

    /** Puts back what differs. */
    void restore() {
        words.stream().filter(w -> w.offset() != msix + MESSAGE_CONTROL).forEach(this::write);
        // the command register comes after the addresses that it switches on
        for (int i = header.length - 1; i > 1; i--) {
            write(new Word(4 * i, 4, header[i]));
        }
        write(new Word(COMMAND, 2, header[1] & 0xffff));
        restoreTable();
    }

    private void write(Word word) {
        if (config.read(word.offset(), word.size()) != word.value()) {
            config.write(word.offset(), word.size(), word.value(), function::checkNotCutOff);
        }
    }

    private void restoreTable() {
        if (table.length > 0) {
            int control = config.read(msix + MESSAGE_CONTROL, 2);
            write(new Word(msix + MESSAGE_CONTROL, 2, control | MSIX_ENABLE | MSIX_MASK_ALL));
            IoMemory memory = table(msix, control);
            for (int i = 0; memory != null && i < table.length; i++) {
                memory.write32(4L * i, table[i]);
            }
            words.stream().filter(w -> w.offset() == msix + MESSAGE_CONTROL).forEach(this::write);
        }
    }
}
