package dev.sluice.benchmarks.result;

/** What the work of a case is counted in. */
public enum Unit {
    REQUEST("request", 1, "µs", 1e3),
    CONNECTION("connection", 1, "µs", 1e3),
    DATAGRAM("datagram", 1, "µs", 1e3),
    GIB("GiB", 1L << 30, "ms", 1e6);

    private final String title;
    private final long size;
    private final String cpuTitle;
    private final double cpuNanos;

    Unit(String title, long size, String cpuTitle, double cpuNanos) {
        this.title = title;
        this.size = size;
        this.cpuTitle = cpuTitle;
        this.cpuNanos = cpuNanos;
    }

    public String title() {
        return title;
    }

    /** How many of what a load counts make one. */
    public long size() {
        return size;
    }

    /** What the processor time of one is given in. */
    public String cpuTitle() {
        return cpuTitle + "/" + title;
    }

    /** Nanoseconds of processor time for so many of what a load counts, in {@link #cpuTitle}. */
    public double cpu(long nanos, long count) {
        return nanos / cpuNanos * size / count;
    }
}
