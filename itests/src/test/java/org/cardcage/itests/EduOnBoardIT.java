package org.cardcage.itests;

import org.ops4j.pax.exam.Configuration;
import org.ops4j.pax.exam.Option;

/** On the board in Java, with the model in Java. */
public class EduOnBoardIT extends EduFunctions {
    @Configuration
    public Option[] configuration() throws Exception {
        return new Option[] {system()};
    }

    @Override
    void machine() throws Exception {
        rig.board();
        rig.card(FIRST);
        rig.card(SECOND);
    }
}
