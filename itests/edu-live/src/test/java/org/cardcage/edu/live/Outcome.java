package org.cardcage.edu.live;

/**
 * What an operation has shown.
 *
 * @param answer of a read, in hexadecimal; of a step, the time afterwards; else empty
 * @param pin changes of the interrupt line during the operation, in order, each 1 or 0
 * @param doorbell the memory that messages are pointed at, in hexadecimal; empty if nothing has come
 */
record Outcome(String answer, String pin, String doorbell) {

    @Override
    public String toString() {
        return "answer [" + answer + "], pin [" + pin + "], doorbell [" + doorbell + "]";
    }
}
