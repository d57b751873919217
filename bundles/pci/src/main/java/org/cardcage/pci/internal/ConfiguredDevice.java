package org.cardcage.pci.internal;

import static org.cardcage.pci.internal.PciRegisters.*;

import java.util.Optional;
import java.util.OptionalInt;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.Kernel;
import org.cardcage.kernel.KernelException;
import org.cardcage.machine.FunctionAddress;
import org.cardcage.machine.Machine;
import org.cardcage.pci.PciDevice;
import org.slf4j.Logger;

/**
 * The part of a function that its configuration space tells, and what it is matched by.
 *
 * <p>Threads: any; what changes is volatile.
 */
abstract class ConfiguredDevice extends PciDevice {

    private static final int PAGE = 4096;
    private static final int EXPRESS_ROOT_PORT = 4;
    private static final int EXPRESS_DOWNSTREAM_PORT = 6;
    private static final int EXPRESS_BRIDGE_FROM_PCI = 8;

    private final FunctionAddress address;
    private final FunctionHeader header;
    private final PciConfig config;
    private final Capabilities capabilities;
    private final int configSize;
    private final int expressType;
    private volatile String driverOverride;

    /** @param log told of what makes no sense */
    ConfiguredDevice(Kernel kernel, Machine machine, FunctionAddress address, FunctionHeader header, Logger log) {
        super(kernel, address.toString());
        this.address = address;
        this.header = header;
        config = new PciConfig(machine, address, this::isGone);
        capabilities = new Capabilities(config);
        capabilities.fault().ifPresent(fault -> log.warn("{}; the rest of it is ignored", fault));
        configSize = capabilities.configSize();
        if (configSize == PciConfig.SIZE) {
            capabilities.extendedFault().ifPresent(fault -> log.warn("{}; the rest of it is ignored", fault));
        }
        OptionalInt express = capabilities.find(CAP_ID_EXPRESS);
        expressType = express.isPresent() ? config.read(express.getAsInt() + EXPRESS_FLAGS, 2) >> 4 & 0xf : -1;
    }

    PciConfig config() {
        return config;
    }

    Capabilities capabilities() {
        return capabilities;
    }

    boolean isMultiFunction() {
        return header.multiFunction();
    }

    boolean isBridge() {
        return header.isBridge();
    }

    /** Whether it passes on what its neighbours do not claim (Linux {@code transparent}). */
    boolean isTransparent() {
        return isBridge() && (classCode() & 0xff) == 1;
    }

    /** Whether one PCI Express link is behind it. */
    boolean isExpressDownstream() {
        return expressType == EXPRESS_ROOT_PORT
                || expressType == EXPRESS_DOWNSTREAM_PORT
                || expressType == EXPRESS_BRIDGE_FROM_PCI;
    }

    @Override
    public FunctionAddress address() {
        return address;
    }

    @Override
    public Optional<String> driverOverride() {
        return Optional.ofNullable(driverOverride);
    }

    @Override
    public void setDriverOverride(String driver) {
        if (driver != null && driver.length() >= PAGE - 1) {
            throw new KernelException(Errno.EINVAL, "a driver name of " + driver.length() + " characters");
        }
        driverOverride = driver == null || driver.isEmpty() ? null : driver;
        kernel().drivers().deviceChanged(this);
    }

    /** With an override any driver may match, so each must be asked. */
    @Override
    protected Optional<Object> matchKey() {
        return driverOverride == null ? Optional.of(IdTable.key(vendor(), device())) : Optional.empty();
    }

    @Override
    public int vendor() {
        return header.vendor();
    }

    @Override
    public int device() {
        return header.device();
    }

    @Override
    public int subsystemVendor() {
        return header.subsystemVendor();
    }

    @Override
    public int subsystemDevice() {
        return header.subsystemDevice();
    }

    @Override
    public int classCode() {
        return header.classCode();
    }

    @Override
    public int revision() {
        return header.revision();
    }

    @Override
    public int headerType() {
        return header.type();
    }

    @Override
    public int configSize() {
        return configSize;
    }

    @Override
    public int readConfig(int offset, int size) {
        return config.read(offset, size);
    }

    @Override
    public void writeConfig(int offset, int size, int value) {
        config.write(offset, size, value, this::checkNotCutOff);
    }

    @Override
    public OptionalInt findCapability(int id) {
        return capabilities.find(id);
    }

    @Override
    public OptionalInt findNextCapability(int offset, int id) {
        return capabilities.findNext(offset, id);
    }

    @Override
    public OptionalInt findExtendedCapability(int id) {
        return configSize == PciConfig.SIZE ? capabilities.findExtended(id) : OptionalInt.empty();
    }

    @Override
    public String modalias() {
        return String.format(
                "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X",
                vendor(),
                device(),
                subsystemVendor(),
                subsystemDevice(),
                classCode() >> 16,
                classCode() >> 8 & 0xff,
                classCode() & 0xff);
    }

    final void checkPresent() {
        if (isGone()) {
            throw new KernelException(Errno.ENODEV, name() + " is gone");
        }
        checkNotCutOff();
    }

    final void checkNotCutOff() {
        if (isCutOff()) {
            throw new KernelException(
                    Errno.ENODEV, name() + " is unusable until a thread leaves its former driver (see the kernel log)");
        }
    }

    /** Clears what advanced error reporting has noted (Linux {@code pci_aer_clear_status}). */
    void clearErrors() {
        findExtendedCapability(EXT_CAP_ID_AER).ifPresent(offset -> {
            for (int status : new int[] {AER_UNCORRECTABLE_STATUS, AER_CORRECTABLE_STATUS}) {
                config.write(offset + status, 4, config.read(offset + status, 4));
            }
        });
    }
}
