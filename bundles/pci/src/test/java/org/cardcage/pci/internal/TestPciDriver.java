package org.cardcage.pci.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.cardcage.pci.PciDevice;
import org.cardcage.pci.PciDeviceId;
import org.cardcage.pci.PciDriver;
import org.cardcage.pci.PciErrorHandlers;

/** A driver whose probe is a lambda. */
final class TestPciDriver implements PciDriver {

    interface Probe {
        void run(PciDevice dev, PciDeviceId id) throws Exception;
    }

    interface Remove {
        void run(PciDevice dev) throws Exception;
    }

    final List<String> calls = new ArrayList<>();
    private final List<PciDeviceId> ids;
    private String name = "testdrv";
    private final Probe probe;
    Remove onRemove = dev -> {};
    Remove onSuspend = dev -> {};
    Remove onResume = dev -> {};
    PciErrorHandlers handlers;

    TestPciDriver(Probe probe, PciDeviceId... ids) {
        this.probe = probe;
        this.ids = List.of(ids);
    }

    static TestPciDriver forTestCard(Probe probe) {
        return new TestPciDriver(probe, PciDeviceId.of(TestCard.VENDOR, TestCard.DEVICE));
    }

    /** Of drivers registered at once each needs a name of its own. */
    TestPciDriver named(String other) {
        name = other;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<PciDeviceId> idTable() {
        return ids;
    }

    @Override
    public void probe(PciDevice dev, PciDeviceId id) throws Exception {
        calls.add("probe " + dev.name());
        probe.run(dev, id);
    }

    @Override
    public void remove(PciDevice dev) throws Exception {
        calls.add("remove " + dev.name());
        onRemove.run(dev);
    }

    @Override
    public void suspend(PciDevice dev) throws Exception {
        calls.add("suspend " + dev.name());
        onSuspend.run(dev);
    }

    @Override
    public void resume(PciDevice dev) throws Exception {
        calls.add("resume " + dev.name());
        onResume.run(dev);
    }

    @Override
    public void shutdown(PciDevice dev) {
        calls.add("shutdown " + dev.name());
    }

    @Override
    public Optional<PciErrorHandlers> errorHandlers() {
        return Optional.ofNullable(handlers);
    }
}
