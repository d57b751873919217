package org.cardcage.edu.live;

/** Offsets of registers of the card: of its window, and of configuration space. */
final class Card {

    static final int IDENTIFICATION = 0x00;
    static final int LIVENESS = 0x04;
    static final int FACTORIAL = 0x08;
    static final int STATUS = 0x20;
    static final int IRQ_STATUS = 0x24;
    static final int IRQ_RAISE = 0x60;
    static final int IRQ_ACK = 0x64;
    static final int DMA_SRC = 0x80;
    static final int DMA_DST = 0x88;
    static final int DMA_COUNT = 0x90;
    static final int DMA_CMD = 0x98;

    static final long IDENTITY = 0x0100_00ed;
    static final int COMPUTING = 1;
    static final int INTERRUPT_WHEN_DONE = 1 << 7;
    static final int FACTORIAL_INTERRUPT = 1;
    static final int RUN = 1;
    static final int TO_RAM = 1 << 1;
    static final int DMA_INTERRUPT_WHEN_DONE = 1 << 2;

    static final long BUFFER = 0x4_0000;
    static final int BUFFER_SIZE = 4096;

    static final int COMMAND = 0x04;
    static final int CONFIG_STATUS = 0x06;
    static final int CACHE_LINE = 0x0c;
    static final int BAR = 0x10;
    static final int INTERRUPT_LINE = 0x3c;
    static final int MSI_CONTROL = 0x42;
    static final int MSI_ADDRESS = 0x44;
    static final int MSI_ADDRESS_HIGH = 0x48;
    static final int MSI_DATA = 0x4c;
    static final int SCRATCH = 0x4e;
    static final int CONFIG_END = 0x100;

    static final int MEMORY_ENABLE = 1 << 1;
    static final int BUS_MASTER = 1 << 2;
    static final int MSI_ENABLE = 1;
    static final int PIN_REQUESTED = 1 << 3;

    private Card() {}
}
