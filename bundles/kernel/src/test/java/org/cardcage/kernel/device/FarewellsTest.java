package org.cardcage.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class FarewellsTest {

    @Test
    void whatIsDueRunsOnTheThreadThatSawItLeaveSoThatItHoldsUpNoOtherDevice() throws Exception {
        Object lock = new Object();
        Farewells farewells = new Farewells(lock);
        List<Thread> ran = Collections.synchronizedList(new ArrayList<>());
        farewells.when("driver", () -> false, () -> ran.add(Thread.currentThread()));
        synchronized (lock) {
            farewells.left("driver");
        }
        Thread other = new Thread(farewells::announce);
        other.start();
        other.join();
        assertThat(ran).isEmpty();
        farewells.announce();
        farewells.announce();
        assertThat(ran).containsExactly(Thread.currentThread());
    }
}
