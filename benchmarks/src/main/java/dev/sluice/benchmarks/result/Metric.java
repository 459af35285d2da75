package dev.sluice.benchmarks.result;

/** What is measured. */
public enum Metric {
    /** Processor time of the relay for a unit of work. */
    CPU("CPU"),
    /** The same from the start of its process, over the first seconds. */
    COLD_CPU("cold"),
    /** Units a second. */
    RATE("rate"),
    /** Latency in microseconds. */
    P50("p50 µs"),
    P99("p99 µs"),
    P999("p99.9 µs"),
    /** The latency at the same rate without a relay, taken off. */
    ADDED_P50("added p50"),
    ADDED_P99("added p99"),
    /** Units that were lost, of a thousand. */
    LOST("lost ‰"),
    /** KiB that one more open flow takes. */
    MEMORY("KiB/flow"),
    /** Microseconds from the start of a relay to the first byte through it. */
    STARTUP("startup µs"),
    /** KiB that the library takes in an archive. */
    SIZE("KiB");

    private final String title;

    Metric(String title) {
        this.title = title;
    }

    public String title() {
        return title;
    }
}
