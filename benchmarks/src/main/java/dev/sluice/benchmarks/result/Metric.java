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
    /** Latency at the same rate without a relay. */
    DIRECT_P50("direct p50"),
    DIRECT_P99("direct p99"),
    /** What the relay adds to it: the median of the one less that of the other. */
    ADDED_P50("added p50"),
    ADDED_P99("added p99"),
    /** Units that were lost, of a thousand. */
    LOST("lost ‰"),
    /** KiB of memory that the system gives for one more open flow, and of live heap that it takes in a JVM. */
    RESIDENT("resident KiB/flow"),
    HEAP("heap KiB/flow"),
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
