package dev.sluice.nio.upstream;

import dev.sluice.HealthCheck;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.worker.Worker;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The checks of one member, one after the other. The first comes at a random moment of the interval, so that the checks
 * of many are spread over it, and each interval has its own jitter, so that those of many instances are too.
 *
 * <p>Thread: worker, apart from {@link #start} and {@link #stop}.
 */
final class CheckCycle implements Timer.Target, Probe.Verdict {
    private static final double JITTER = 0.1;

    private final Member member;
    private final HealthCheck check;
    private final GroupHealth health;
    private final Worker worker;
    private final Names names;
    private final Probe probe;
    private final Timer timer = new Timer(this);
    private boolean isStopped;
    private boolean isUnderWay;
    private long began;
    /** Present while the member's name is being resolved. */
    private Names.Query query;
    /** Those of the member that this check has not tried. */
    private Iterator<InetAddress> addresses = Collections.emptyIterator();

    private int untried;

    CheckCycle(Member member, HealthCheck check, GroupHealth health, Worker worker, Names names) {
        this.member = member;
        this.check = check;
        this.health = health;
        this.worker = worker;
        this.names = names;
        this.probe = check.kind() == HealthCheck.Kind.DATAGRAM
                ? new DatagramProbe(worker, check, this)
                : new StreamProbe(worker, check, this);
    }

    Worker worker() {
        return worker;
    }

    void start() {
        worker.submit(() -> {
            long interval = check.interval().toNanos();
            worker.timers()
                    .arm(timer, worker.now() + ThreadLocalRandom.current().nextLong(interval));
        });
    }

    void stop() {
        worker.submit(() -> {
            isStopped = true;
            abandon();
            worker.timers().cancel(timer);
        });
    }

    /** Time for the next check, or for the attempt under way to be over. */
    @Override
    public void onDue() {
        if (isStopped) {
            return;
        }
        if (isUnderWay) {
            onTimeout();
        } else {
            begin();
        }
    }

    private void onTimeout() {
        String after = " after " + check.timeout().toMillis() + " ms";
        if (query != null) {
            conclude(false, "name not resolved" + after);
        } else {
            probe.abandon();
            tryNext("no answer" + after);
        }
    }

    private void begin() {
        began = worker.now();
        isUnderWay = true;
        worker.timers().arm(timer, began + check.timeout().toNanos());
        InetSocketAddress known = member.address();
        if (known == null) {
            query = names.resolve(member.upstream().host(), worker, this::onResolved, this::onFailure);
        } else {
            tryEach(List.of(known.getAddress()));
        }
    }

    private void onResolved(List<InetAddress> found) {
        if (query != null) {
            query = null;
            tryEach(found);
        }
    }

    private void tryEach(List<InetAddress> found) {
        addresses = found.iterator();
        untried = found.size();
        tryNext("name not resolved");
    }

    /** Each address has an equal share of the time that is left: one that is silent must not use it up. */
    private void tryNext(String failure) {
        if (!addresses.hasNext()) {
            conclude(false, failure);
            return;
        }
        long now = worker.now();
        long over = began + check.timeout().toNanos();
        worker.timers().arm(timer, now + Math.max(0, over - now) / untried--);
        int port = check.port() == 0 ? member.upstream().port() : check.port();
        probe.begin(new InetSocketAddress(addresses.next(), port));
    }

    @Override
    public void passed() {
        conclude(true, "");
    }

    @Override
    public void failed(String how) {
        tryNext(how);
    }

    @Override
    public void undecided() {
        rest();
    }

    /** A defect of ours is not put down to the member. */
    private void onFailure(Throwable failure) {
        probe.onFailure(failure);
    }

    private void conclude(boolean isPassed, String how) {
        rest();
        health.checked(member.standing(), check, isPassed, worker, how);
    }

    private void rest() {
        abandon();
        double jitter = ThreadLocalRandom.current().nextDouble(1 - JITTER, 1 + JITTER);
        long next = began + (long) (check.interval().toNanos() * jitter);
        worker.timers().arm(timer, Math.max(next, worker.now()));
    }

    private void abandon() {
        isUnderWay = false;
        if (query != null) {
            query.cancel();
            query = null;
        }
        probe.abandon();
    }
}
