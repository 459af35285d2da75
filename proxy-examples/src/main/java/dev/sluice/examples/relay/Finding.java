package dev.sluice.examples.relay;

/**
 * What was found out about one prerequisite.
 *
 * @param isGood whether it is as it must be
 * @param what the prerequisite
 * @param found how it is
 * @param remedy the command, or what else mends it; empty if nothing has to be mended
 */
record Finding(boolean isGood, String what, String found, String remedy) {
    static Finding good(String what, String found) {
        return new Finding(true, what, found, "");
    }

    static Finding bad(String what, String found, String remedy) {
        return new Finding(false, what, found, remedy);
    }

    @Override
    public String toString() {
        String line = String.format("%-8s%s: %s", isGood ? "ok" : "MISSING", what, found);
        return remedy.isEmpty() ? line : line + System.lineSeparator() + "        mend it: " + remedy;
    }
}
