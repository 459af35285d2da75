package dev.sluice.benchmarks.contender;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;

/** Waiting for a child, with a bound. */
final class ChildProcess {
    private static final int GRACE_SECONDS = 10;

    private ChildProcess() {}

    /** Waits for a child that was asked to end; one that does not is killed, with its descendants. */
    static void awaitEnd(Process process) throws IOException {
        // A parent that is killed does not take its children along, and they could not be found afterwards.
        List<ProcessHandle> descendants = process.descendants().toList();
        try {
            if (!process.waitFor(GRACE_SECONDS, SECONDS)) {
                descendants.forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            descendants.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw interrupted(e);
        }
    }

    /** Whether the child has ended, or does so within {@code millis}. */
    static boolean ends(Process process, long millis) throws IOException {
        try {
            return process.waitFor(millis, MILLISECONDS);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static IOException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        IOException interrupted = new InterruptedIOException("interrupted while waiting for a relay");
        interrupted.initCause(cause);
        return interrupted;
    }
}
