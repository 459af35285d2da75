package dev.sluice.benchmarks.contender;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** What the configuration of a relay has to know. */
final class Host {
    /** Files that a relay needs beside its connections. */
    private static final long RESERVED = 200;

    private Host() {}

    /** The file descriptors that a child may use for connections, but at most {@code most}. */
    static long descriptors(long most) {
        // A JVM raises its limit to the highest allowed, and its children inherit that.
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? Math.min(most, system.getMaxFileDescriptorCount() - RESERVED)
                : most;
    }
}
