package org.cardcage.pci.internal;

import java.util.List;
import java.util.function.Consumer;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciErrorHandlers;

/** Notes what it is told and answers as a test wants. */
final class TestErrorHandlers implements PciErrorHandlers {

    private final List<String> told;
    Result onDetected = Result.CAN_RECOVER;
    Result onMmio = Result.RECOVERED;
    Result onReset = Result.RECOVERED;
    Consumer<PciDevice> onCall = dev -> {};

    TestErrorHandlers(List<String> told) {
        this.told = told;
    }

    @Override
    public Result errorDetected(PciDevice dev, ChannelState state) {
        told.add("errorDetected " + state);
        onCall.accept(dev);
        return onDetected;
    }

    @Override
    public Result mmioEnabled(PciDevice dev) {
        told.add("mmioEnabled");
        onCall.accept(dev);
        return onMmio;
    }

    @Override
    public Result slotReset(PciDevice dev) {
        told.add("slotReset");
        onCall.accept(dev);
        return onReset;
    }

    @Override
    public void resume(PciDevice dev) {
        told.add("resume");
        onCall.accept(dev);
    }

    @Override
    public void resetPrepare(PciDevice dev) {
        told.add("resetPrepare");
        onCall.accept(dev);
    }

    @Override
    public void resetDone(PciDevice dev) {
        told.add("resetDone");
        onCall.accept(dev);
    }
}
