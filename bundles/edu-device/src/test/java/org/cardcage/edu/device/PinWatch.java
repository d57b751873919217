package org.cardcage.edu.device;

import java.util.ArrayList;
import java.util.List;
import org.cardcage.board.Board;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.VectorKind;
import org.cardcage.machine.VectorSet;

/** The changes of a function's interrupt line, as the interrupt controller sees it. For one thread. */
final class PinWatch {

    private final VectorSet line;
    private int rises;
    private boolean last;

    PinWatch(Board board, FunctionAddress function) {
        line = board.vectors(function, VectorKind.INTX, 1, 1);
        line.connect(0, () -> rises++);
    }

    boolean isHigh() {
        return line.asserted(0);
    }

    /** The levels since the last look, in order. */
    List<Integer> take() {
        List<Integer> levels = new ArrayList<>();
        boolean now = isHigh();
        int falls = rises + (last ? 1 : 0) - (now ? 1 : 0);
        for (int i = 0; i < rises + falls; i++) {
            levels.add((i % 2 == 0) != last ? 1 : 0);
        }
        rises = 0;
        last = now;
        return levels;
    }

    /** The level if it is another one than at the last look. */
    List<Integer> takeNet() {
        boolean before = last;
        take();
        return before == last ? List.of() : List.of(last ? 1 : 0);
    }
}
