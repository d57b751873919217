package org.cardcage.kernel.module;

import org.cardcage.kernel.CNumber;
import org.cardcage.kernel.Errno;
import org.cardcage.kernel.KernelException;

/** How the text of a module parameter becomes a value (Linux {@code kernel/params.c}). */
enum ParameterType {
    INT {
        @Override
        Object parse(String name, String text) {
            try {
                return Math.toIntExact(CNumber.parse(text == null ? "" : text));
            } catch (ArithmeticException e) {
                throw new KernelException(Errno.ERANGE, invalid(name, text), e);
            } catch (KernelException e) {
                throw new KernelException(e.errno(), invalid(name, text), e);
            }
        }
    },
    BOOL {
        @Override
        Object parse(String name, String text) {
            if (text == null) {
                return true;
            }
            return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
                case 'y', 'Y', '1', 't', 'T' -> true;
                case 'n', 'N', '0', 'f', 'F' -> false;
                case 'o', 'O' -> onOff(name, text);
                default -> throw new KernelException(Errno.EINVAL, invalid(name, text));
            };
        }

        private boolean onOff(String name, String text) {
            return switch (text.length() < 2 ? ' ' : text.charAt(1)) {
                case 'n', 'N' -> true;
                case 'f', 'F' -> false;
                default -> throw new KernelException(Errno.EINVAL, invalid(name, text));
            };
        }
    },
    CHARP {
        @Override
        Object parse(String name, String text) {
            if (text == null) {
                throw new KernelException(Errno.EINVAL, invalid(name, ""));
            }
            return text;
        }
    };

    /** @throws KernelException EINVAL for the text, ERANGE for the number */
    abstract Object parse(String name, String text);

    static ParameterType of(String name, String type) {
        for (ParameterType known : values()) {
            if (known.name().equalsIgnoreCase(type)) {
                return known;
            }
        }
        throw new KernelException(
                Errno.EINVAL,
                type == null
                        ? "unknown parameter '" + name + "'"
                        : "parameter '" + name + "' has the type '" + type + "'; known are int, bool and charp");
    }

    /** The words of the kernel. */
    private static String invalid(String name, String text) {
        return "`" + (text == null ? "" : text) + "' invalid for parameter `" + name + "'";
    }
}
