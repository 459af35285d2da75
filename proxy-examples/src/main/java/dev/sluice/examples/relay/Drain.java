package dev.sluice.examples.relay;

import dev.sluice.ProxyServer;
import dev.sluice.RunningRoute;
import dev.sluice.Shutdown;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/**
 * The end of the program at SIGTERM or Ctrl-C: flows may end, totals are printed, the exit status is 0. A second signal
 * ends the drain at once, and changes nothing else.
 */
final class Drain {
    private final ProxyServer server;
    private final Duration within;
    private final PrintStream out;

    Drain(ProxyServer server, Duration within, PrintStream out) {
        this.server = server;
        this.within = within;
        this.out = out;
    }

    /**
     * Has it happen when the JVM is told to stop.
     *
     * @param first what is to stop before, such as a table that is still being drawn
     */
    void onSignal(Runnable first) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(first), "drain"));
    }

    private void finish(Runnable first) {
        int status = 1;
        try {
            first.run();
            run();
            status = 0;
        } finally {
            // Left to itself a JVM that was told to stop exits with the number of the signal.
            Runtime.getRuntime().halt(status);
        }
    }

    private void run() {
        List<RunningRoute> routes = server.routes();
        long active = server.metrics().active();
        if (active > 0 && !within.isZero()) {
            NextSignal.runs(server::close);
            out.println("draining " + Totals.count(active, "flow") + ", at most " + DurationText.of(within)
                    + "; a second signal ends it now");
            out.flush();
        }
        Shutdown ended = server.shutdown(within);
        routes.forEach(route -> out.println(Totals.line(route)));
        out.println(ended == Shutdown.DRAINED ? "stopped, drained" : "stopped, what was left was reset");
        out.flush();
    }
}
