package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LatencyChartTest {
    private final Latency latency = new Latency();

    private void direct(int n, long micros) {
        for (int i = 0; i < n; i++) {
            latency.direct(TimeUnit.MICROSECONDS.toNanos(micros));
        }
    }

    private void relayed(int n, long micros) {
        for (int i = 0; i < n; i++) {
            latency.relayed(TimeUnit.MICROSECONDS.toNanos(micros));
        }
    }

    @Test
    void showsWhatWasAdded() {
        direct(100, 100);
        relayed(80, 150);
        relayed(15, 200);
        relayed(5, 400);

        assertThat(LatencyChart.lines("kept connection", latency))
                .containsExactly(
                        "  kept connection p50      100     150     +50   =======####",
                        "                  p90      100     200    +100   =======########",
                        "                  p99      100     400    +300   =======#######################");
    }

    @Test
    void whatIsFarOutDoesNotSqueezeTheRest() {
        direct(100, 100);
        relayed(95, 200);
        relayed(5, 100_000);

        assertThat(LatencyChart.lines("kept connection", latency))
                .element(2)
                .asString()
                .endsWith("  =======######################>")
                .hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void aRelayThatWasFasterByChanceAddsNothing() {
        direct(100, 200);
        relayed(100, 100);

        assertThat(LatencyChart.lines("datagram", latency))
                .allMatch(line -> line.endsWith("200     100      ~0   =============================="));
    }
}
