package org.cardcage.itests;

import javax.inject.Inject;
import org.junit.After;
import org.junit.Before;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.BundleContext;

/** What tests in the running system have in common: each begins with a board without cards and ends without one. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public abstract class OnBoard {
    static final String SLOT = "0000:00:04.0";

    @Inject
    BundleContext context;

    Rig rig;

    @Before
    public final void insertBoard() throws Exception {
        rig = new Rig(context);
        rig.board();
    }

    @After
    public final void clearBoard() throws Exception {
        rig.clear();
    }
}
