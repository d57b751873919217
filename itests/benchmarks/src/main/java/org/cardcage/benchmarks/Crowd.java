package org.cardcage.benchmarks;

import org.cardcage.board.Board;
import org.cardcage.board.Bridge;
import org.cardcage.board.Card;
import org.cardcage.board.SlotPath;
import org.cardcage.device.DeviceModel;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Scheduler;

/** Boards with any number of functions: cards of eight functions behind bridges of 32 slots, on as many root buses as it takes. */
final class Crowd {

    private static final int FUNCTIONS = 8;
    private static final int DEVICES = 32;
    private static final int SECOND_ROOT = 0x80;

    private Crowd() {}

    /** A board, powered, on which no firmware has run. */
    static Board board(Scheduler scheduler, int functions) {
        Board board = Board.builder(scheduler)
                .rootBus(0, SECOND_ROOT)
                .withoutFirmware()
                .build();
        int cards = (functions + FUNCTIONS - 1) / FUNCTIONS;
        for (int card = 0; card < cards; card++) {
            SlotPath bridge = bridge(card / DEVICES);
            if (card % DEVICES == 0) {
                board.plug(bridge, Card.of(Bridge.pci()));
            }
            DeviceModel[] models = new DeviceModel[Math.min(FUNCTIONS, functions - card * FUNCTIONS)];
            for (int i = 0; i < models.length; i++) {
                models[i] = new Cell.OfField();
            }
            board.plug(bridge.behind(card % DEVICES, 0), Card.of(models));
        }
        board.powerOn();
        return board;
    }

    private static SlotPath bridge(int number) {
        return SlotPath.of(new FunctionAddress(0, number < DEVICES ? 0 : SECOND_ROOT, number % DEVICES, 0));
    }
}
