package dev.sluice.nio.testkit;

import java.util.List;

/** The threads of this JVM, by name. */
public final class LiveThreads {
    private LiveThreads() {}

    /** The names that begin so. */
    public static List<String> named(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Those that a proxy's loops run on. */
    public static List<String> workersOf(StartedProxy proxy) {
        return named(proxy.name() + "-worker-");
    }
}
