package org.cardcage.edu.driver;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.cardcage.edu.uapi.CalcFact;
import org.cardcage.edu.uapi.EduIoctl;
import org.cardcage.kernel.CNumber;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;
import org.cardcage.kernel.module.ModuleParameters;
import org.cardcage.vfs.FileOperations;
import org.cardcage.vfs.IoCall;
import org.cardcage.vfs.OpenFile;

/**
 * {@code /dev/eduN}. At position 0 the file is text: a number written starts a factorial, a read gives the result once it
 * is there, or the identification if nothing was asked for. At position 8 it is the factorial register, 32 bits
 * little-endian. A read that begins where the last text read of the file has ended continues that text.
 *
 * <p>Threads: those of the callers; the state of an open file is in its {@link EduFile}.
 */
final class EduNode implements FileOperations {

    /** Value of the parameter {@code read_mode}: a text read always waits for a result. */
    static final int READ_MODE_WAIT = 2;

    private static final int REGISTER_POSITION = EduRegisters.FACTORIAL;
    private static final int REGISTER_SIZE = 4;
    /** Longer than any 32-bit number in C notation. */
    private static final int MAX_TEXT = 32;

    private final EduCard card;
    private final ModuleParameters parameters;

    EduNode(EduCard card, ModuleParameters parameters) {
        this.card = card;
        this.parameters = parameters;
    }

    @Override
    public void open(OpenFile file) {
        file.setPrivateData(new EduFile());
    }

    private static EduFile state(IoCall call) {
        return (EduFile) call.file().privateData();
    }

    @Override
    public int read(IoCall call, ByteBuffer to) {
        if (!to.hasRemaining()) {
            return 0; // no text must be used up for it
        }
        EduFile file = state(call);
        int served = file.goOn(call.position(), to);
        if (served >= 0) {
            return served;
        }
        if (call.position() == 0 || file.continuesAt(call.position())) {
            return file.begin(nextText(call), call.position(), to);
        }
        if (call.position() == REGISTER_POSITION) {
            return readRegister(call, to);
        }
        throw badPosition(call);
    }

    private static KernelException badPosition(IoCall call) {
        return new KernelException(
                Errno.EINVAL, "position " + call.position() + "; text is at 0, the factorial register at 8");
    }

    private byte[] nextText(IoCall call) {
        boolean always = parameters.intValue(EduDriver.READ_MODE) == READ_MODE_WAIT;
        EduCard.Computation taken = card.takeTextResult(always, call.file().isNonBlocking(), call.cancel());
        String text = taken == null
                ? "0x" + HexFormat.of().toHexDigits(card.id()) + "\n"
                : Integer.toUnsignedString(taken.result()) + "\n";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private int readRegister(IoCall call, ByteBuffer to) {
        if (to.remaining() < REGISTER_SIZE) {
            throw new KernelException(Errno.EINVAL, "the factorial register is read with 4 bytes");
        }
        boolean nonBlocking = call.file().isNonBlocking();
        EduCard.Computation own = state(call).viaRegister();
        int value = own != null
                ? card.await(own, nonBlocking, call.cancel())
                : card.awaitRegister(nonBlocking, call.cancel());
        putLittleEndian(to, value);
        return REGISTER_SIZE;
    }

    private static void putLittleEndian(ByteBuffer to, int value) {
        to.putInt(to.order() == ByteOrder.LITTLE_ENDIAN ? value : Integer.reverseBytes(value));
    }

    @Override
    public int write(IoCall call, ByteBuffer from) {
        boolean nonBlocking = call.file().isNonBlocking();
        if (call.position() == REGISTER_POSITION) {
            if (from.remaining() != REGISTER_SIZE) {
                throw new KernelException(Errno.EINVAL, "the factorial register is written with 4 bytes");
            }
            int operand = from.slice().order(ByteOrder.LITTLE_ENDIAN).getInt();
            state(call).startedViaRegister(card.start(operand, false, nonBlocking, call.cancel()));
            from.position(from.limit());
            return REGISTER_SIZE;
        }
        if (call.position() != 0 && !state(call).continuesAt(call.position())) {
            throw badPosition(call);
        }
        int count = from.remaining();
        card.start(operand(from), true, nonBlocking, call.cancel());
        from.position(from.limit());
        state(call).textWritten(call.position() + count);
        return count;
    }

    private static int operand(ByteBuffer from) {
        if (from.remaining() > MAX_TEXT) {
            throw new KernelException(Errno.EINVAL, from.remaining() + " bytes are no number");
        }
        byte[] text = new byte[from.remaining()];
        from.slice().get(text);
        return CNumber.parseUnsigned32(new String(text, StandardCharsets.ISO_8859_1));
    }

    @Override
    public int ioctl(IoCall call, int command, ByteBuffer in, ByteBuffer out) {
        switch (command) {
            case EduIoctl.GET_ID -> putLittleEndian(out, card.id());
            case EduIoctl.CALC_FACT -> {
                boolean nonBlocking = call.file().isNonBlocking();
                int operand = CalcFact.from(in).val();
                EduCard.Computation computation = card.start(operand, false, nonBlocking, call.cancel());
                new CalcFact(operand, card.await(computation, false, call.cancel())).to(out);
            }
            default -> throw new KernelException(Errno.ENOTTY, String.format("unknown command 0x%08x", command));
        }
        return 0;
    }
}
