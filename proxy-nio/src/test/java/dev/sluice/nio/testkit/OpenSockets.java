package dev.sluice.nio.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sockets that this process has open, and the selectors that wait for them, as Linux lists them. */
public final class OpenSockets {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenSockets() {}

    public static boolean areListed() {
        return Files.isDirectory(DESCRIPTORS);
    }

    public static int count() {
        return count("socket:");
    }

    public static int selectors() {
        return count("anon_inode:[eventpoll]");
    }

    private static int count(String kind) {
        int found = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                found += isOfKind(descriptor, kind) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new AssertionError("open descriptors cannot be listed", e);
        }
        return found;
    }

    private static boolean isOfKind(Path descriptor, String kind) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith(kind);
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
