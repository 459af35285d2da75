package dev.sluice.nio.fault;

import dev.sluice.fault.Bandwidth;
import dev.sluice.nio.loop.Loop;
import java.time.Duration;

/**
 * A portion passes when a link of the given speed would have carried it. The link is reckoned on from when it was last
 * free rather than from when the worker came to look, so that being late costs nothing; but what it could have carried
 * while nobody took it is not made up for.
 *
 * <p>Thread: worker.
 */
final class BandwidthGate implements Gate {
    private static final int PORTIONS_A_SECOND = 200;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long MADE_UP_FOR = Duration.ofMillis(50).toNanos();

    private final long bytesPerSecond;
    private final Loop loop;
    private final SharedRate link;

    BandwidthGate(Bandwidth bandwidth, Loop loop, SharedRate link) {
        this.bytesPerSecond = bandwidth.bytesPerSecond();
        this.loop = loop;
        this.link = link;
    }

    @Override
    public int portion(int available) {
        return (int) Math.min(available, Math.max(1, bytesPerSecond / PORTIONS_A_SECOND));
    }

    @Override
    public long opens(Chunk portion, long now) {
        if (portion.mark() != null) {
            return portion.since;
        }
        long takes = Math.max(1, portion.length() * SECOND / bytesPerSecond);
        long earliest = Math.max(portion.since, now - MADE_UP_FOR);
        return loop.fromClock(link.reserve(loop.toClock(earliest), takes));
    }
}
