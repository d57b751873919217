package org.cardcage.qemu.internal;

import java.util.List;

/** A JVM of its own with a QEMU child, for a test that kills it. */
final class Victim {

    private Victim() {}

    public static void main(String[] arguments) throws Exception {
        QemuProcess process = QemuProcess.start(new QemuProcess.Setup(
                QemuProgram.find(System.getenv()),
                "victim",
                List.of("-machine", "none"),
                QemuProcess.PATIENCE,
                new Heard()));
        System.out.println(process.handle().pid());
        Thread.currentThread().join();
    }
}
