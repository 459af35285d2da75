package dev.sluice.examples.relay;

import dev.sluice.ProxyServer;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Prints what the routes of a server do, again and again, until stopped. */
final class Stats {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Meter meter;
    private final StatsView view;
    private final PrintStream out;

    Stats(ProxyServer server, StatsView view, PrintStream out) {
        this.meter = new Meter(server, System.nanoTime());
        this.view = view;
        this.out = out;
    }

    /** Begins. */
    void every(Duration period) {
        Thread printer = new Thread(() -> printUntilStopped(period), "stats");
        printer.setDaemon(true);
        printer.start();
    }

    /** When it returns nothing more is printed. */
    void stop() {
        stopped.countDown();
        synchronized (this) {
            // A table that was being drawn is whole now.
        }
    }

    private void printUntilStopped(Duration period) {
        try {
            while (!stopped.await(period.toMillis(), TimeUnit.MILLISECONDS)) {
                print();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts it; if somebody does, that is its end.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void print() {
        if (stopped.getCount() > 0) {
            out.print(view.show(meter.look(System.nanoTime())));
            out.flush();
        }
    }
}
