package dev.sluice.nio.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The sockets that this process has open, as Linux lists them. */
public final class OpenSockets {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private OpenSockets() {}

    public static boolean areListed() {
        return Files.isDirectory(DESCRIPTORS);
    }

    public static int count() {
        int sockets = 0;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                sockets += isSocket(descriptor) ? 1 : 0;
            }
        } catch (IOException e) {
            throw new AssertionError("open descriptors cannot be listed", e);
        }
        return sockets;
    }

    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
