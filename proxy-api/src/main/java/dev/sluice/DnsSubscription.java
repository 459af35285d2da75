package dev.sluice;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks for the addresses of a name on a thread of its own, and delivers what has changed. */
final class DnsSubscription implements AutoCloseable, Runnable {
    private static final Duration UNTIL_ANSWERED = Duration.ofSeconds(1);
    private static final long JOIN_MILLIS = 10;

    private final DnsSource source;
    private final Consumer<Collection<Upstream>> snapshots;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private volatile boolean isAsking;
    private @Nullable List<Upstream> delivered;
    private Set<Upstream> missing = Set.of();

    DnsSubscription(DnsSource source, Consumer<Collection<Upstream>> snapshots) {
        this.source = source;
        this.snapshots = snapshots;
        this.thread = new Thread(null, this, "sluice-dns-" + source.host(), 0, false);
        thread.setDaemon(true);
        thread.setContextClassLoader(DnsSubscription.class.getClassLoader());
    }

    void start() {
        thread.start();
    }

    @Override
    public void run() {
        try {
            do {
                ask();
            } while (isToAskAgain() && !closesWithin(pause()));
        } catch (InterruptedException closed) {
            // by close(): there is nobody left to tell
        }
    }

    private boolean isToAskAgain() {
        return delivered == null || !source.every().isZero();
    }

    private void ask() {
        List<InetAddress> answer;
        isAsking = true;
        try {
            answer = source.resolver().resolve(source.host());
        } catch (IOException | RuntimeException | InternalError none) {
            // The JDK's resolver throws an InternalError when descriptors run out. The last answer stays.
            return;
        } finally {
            isAsking = false;
        }
        take(answer.stream()
                .flatMap(address -> source.at(address).stream())
                .distinct()
                .toList());
    }

    /** Takes an answer over, and what was there before and is missing for the first time. */
    private void take(List<Upstream> answer) {
        if (answer.isEmpty()) {
            return;
        }
        List<Upstream> next = new ArrayList<>();
        Set<Upstream> missed = new HashSet<>();
        for (Upstream known : delivered == null ? List.<Upstream>of() : delivered) {
            if (answer.contains(known)) {
                next.add(known);
            } else if (!missing.contains(known)) {
                missed.add(known);
                next.add(known);
            }
        }
        // servers rotate their answers: who is known keeps its place
        answer.stream().filter(each -> !next.contains(each)).forEach(next::add);
        missing = missed;
        if (!next.equals(delivered) && closing.getCount() > 0) {
            delivered = next;
            snapshots.accept(next);
        }
    }

    private long pause() {
        Duration every = source.every();
        if (delivered == null && (every.isZero() || every.compareTo(UNTIL_ANSWERED) > 0)) {
            every = UNTIL_ANSWERED;
        }
        return (long) (every.toNanos() * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
    }

    private boolean closesWithin(long nanos) throws InterruptedException {
        return closing.await(nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends the thread and waits for that, unless a look-up holds it up, which ends when it ends. */
    @Override
    public void close() {
        closing.countDown();
        if (thread == Thread.currentThread()) {
            return;
        }
        thread.interrupt();
        try {
            while (thread.isAlive() && !isAsking) {
                thread.join(JOIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
