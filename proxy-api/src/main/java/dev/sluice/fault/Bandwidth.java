package dev.sluice.fault;

/**
 * Data comes no faster. A portion comes when a link of that speed would have carried the last of it; over two seconds
 * the rate is kept within 3 %.
 *
 * @param bytesPerSecond how fast it may come, 1 or more
 * @param isShared whether that is for all flows under the rule together, in this direction, rather than for each
 */
public record Bandwidth(long bytesPerSecond, boolean isShared) implements StreamFault {
    /**
     * Checks the values.
     *
     * @param bytesPerSecond see {@link #bytesPerSecond()}
     * @param isShared see {@link #isShared()}
     */
    public Bandwidth {
        Bounds.atLeast("bandwidth in bytes a second", bytesPerSecond, 1);
    }

    /** {@return the same for all flows under the rule together} */
    public Bandwidth shared() {
        return new Bandwidth(bytesPerSecond, true);
    }

    @Override
    public String toString() {
        return "bandwidth " + bytesPerSecond + " B/s" + (isShared ? ", shared" : "");
    }
}
