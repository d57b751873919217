package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.device.Resources;
import org.cardcage.kernel.resource.AddressSpaces.Spaces;
import org.cardcage.kernel.resource.Region;
import org.cardcage.kernel.resource.ResourceTree;
import org.cardcage.machine.IoMemory;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciResource;

/**
 * What the driver of a function has requested and mapped of its addresses.
 *
 * <p>Threads: any. {@code this} guards {@code requested}.
 */
final class FunctionMappings {

    /** Somebody has the region; the entry stands in the driver's list. */
    private static final class Request {
        final Region region;
        Resources.Entry entry;

        Request(Region region) {
            this.region = region;
        }
    }

    private final PciFunction function;
    private final Machine machine;
    private final Spaces spaces;
    private final int romRegister;
    private final Map<Integer, Request> requested = new HashMap<>();
    private final Map<Integer, IoMemory> usersMappings = new ConcurrentHashMap<>();
    private final List<IoMemory> mappings = new CopyOnWriteArrayList<>();

    FunctionMappings(PciFunction function, Machine machine, Spaces spaces, int romRegister) {
        this.function = function;
        this.machine = machine;
        this.spaces = spaces;
        this.romRegister = romRegister;
    }

    /** Requests a region for the driver. */
    void request(PciResource resource, String owner) {
        ResourceTree space = resource.io() ? spaces.ports() : spaces.memory();
        Request request;
        try {
            request = new Request(space.request(resource.range(), owner));
        } catch (KernelException e) {
            function.log().warn("{}: can't reserve {}", resource.name(), resource);
            throw new KernelException(e.errno(), resource.name() + " of " + function.name() + ": " + e.detail());
        }
        synchronized (this) {
            requested.put(resource.bar(), request);
        }
        Resources.Entry entry = function.resources()
                .manage(
                        Resources.Phase.MEMORY,
                        "region of " + resource.name(),
                        () -> giveBack(resource.bar(), request));
        synchronized (this) {
            request.entry = entry;
        }
    }

    /** Requests several regions for the driver, or none. */
    void request(List<PciResource> resources, String owner) {
        List<PciResource> done = new ArrayList<>();
        try {
            for (PciResource resource : resources) {
                request(resource, owner);
                done.add(resource);
            }
        } catch (KernelException e) {
            done.forEach(resource -> unrequest(resource.bar()));
            throw e;
        }
    }

    /** Gives the region back; does nothing if it is not requested. */
    void unrequest(int index) {
        Resources.Entry entry;
        synchronized (this) {
            Request request = requested.get(index);
            entry = request == null ? null : request.entry;
        }
        if (entry != null) {
            entry.release();
        }
    }

    private void giveBack(int index, Request request) {
        synchronized (this) {
            requested.remove(index, request);
        }
        request.region.release();
    }

    IoMemory map(PciResource resource) {
        return mapped(resource, handle(resource), () -> {});
    }

    /** The addresses for whoever uses the function without being its driver; one handle for all of them. */
    IoMemory forUsers(PciResource resource) {
        return usersMappings.computeIfAbsent(resource.bar(), bar -> {
            IoMemory memory = handle(resource);
            mappings.add(memory);
            if (function.isGone()) {
                memory.disconnect();
            }
            return memory;
        });
    }

    private IoMemory handle(PciResource resource) {
        return resource.io()
                ? machine.mapPorts((int) resource.start(), (int) resource.length())
                : machine.map(resource.start(), resource.length());
    }

    /** Maps the ROM, which decodes only while it is mapped. */
    IoMemory mapRom(PciResource rom, PciConfig config) {
        IoMemory memory = machine.map(rom.start(), rom.length());
        config.write(romRegister, 4, (int) rom.start() | ROM_ENABLE);
        return mapped(rom, memory, () -> config.write(romRegister, 4, (int) rom.start()));
    }

    private IoMemory mapped(PciResource resource, IoMemory memory, Runnable afterwards) {
        mappings.add(memory);
        Runnable revoke = () -> memory.revoke(
                () -> new KernelException(Errno.ENODEV, resource.name() + " of " + function.name() + " is unmapped"));
        function.resources().manage(Resources.Phase.MEMORY, "mapping of " + resource.name(), revoke, () -> {
            revoke.run();
            mappings.remove(memory);
            afterwards.run();
        });
        if (function.isGone()) {
            memory.disconnect();
        }
        return memory;
    }

    /** The function has gone: what answers at its addresses from now on is not it, and others may have them. */
    void abandon() {
        mappings.forEach(IoMemory::disconnect);
        List<Request> all;
        synchronized (this) {
            all = new ArrayList<>(requested.values());
        }
        all.forEach(request -> request.region.release());
    }
}
