package dev.sluice.examples;

import java.nio.file.ClosedWatchServiceException;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Waits for something to happen in a directory, no matter what. */
final class DirectoryChange {

    private DirectoryChange() {}

    /** {@return true after a change, or when the time is over; false when the watch has been closed} */
    static boolean await(WatchService watch, Duration most) {
        try {
            WatchKey changed = watch.poll(most.toNanos(), TimeUnit.NANOSECONDS);
            if (changed != null) {
                changed.pollEvents();
                changed.reset();
            }
            return true;
        } catch (InterruptedException | ClosedWatchServiceException closed) {
            return false;
        }
    }
}
