package dev.sluice.nio.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How many descriptors this process may open.
 *
 * <p>Thread: start.
 */
public final class OpenFiles {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final String ROW = "Max open files";
    /** Taken where the platform does not tell: the lowest limit in common use beyond a shell's. */
    private static final long UNKNOWN = 10_240;

    private static final long RESERVED = 512;
    private static final int MOST_CONNECTIONS = 65_536;
    /** Looked up once: a JVM raises its limit as it starts, and keeps it. */
    private static final long LIMIT = limit();

    private OpenFiles() {}

    /** How many connections fit: two descriptors each, after a reserve for the rest of the process. */
    public static int connections() {
        long connections = (LIMIT - RESERVED) / 2;
        return (int) Math.max(1, Math.min(MOST_CONNECTIONS, connections));
    }

    private static long limit() {
        if (!Files.isReadable(LIMITS)) {
            return UNKNOWN;
        }
        try {
            return Files.readAllLines(LIMITS).stream()
                    .filter(line -> line.startsWith(ROW))
                    .map(line -> line.substring(ROW.length()).trim().split("\\s+")[0])
                    .mapToLong(soft -> soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft))
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException | NumberFormatException e) {
            return UNKNOWN;
        }
    }
}
