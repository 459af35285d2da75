package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.FaultRule;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Faults as statistics show them. */
@Timeout(60)
class FaultReadingTest {
    private static final FaultReading SLOW = new FaultReading("to client: latency PT0.1S", ", seed 42", ", flows 3");
    private static final FaultReading LONG = new FaultReading(
            "both ways: latency PT0.1S +-PT0.02S, of connect, then bandwidth 65536 B/s, for 0.5 of flows",
            ", seed -9223372036854775808",
            ", flows 1042");
    private static final FaultReading REFUSING = new FaultReading("listening: REFUSE", "", "");

    private static RouteReading web(String troubles, FaultReading... faults) {
        return new RouteReading(new Reading("web", Counts.NONE, 0, 0, ""), List.of(), List.of(faults), troubles);
    }

    @Test
    void aTableHasALineForEachAndCutsNoSeed() {
        assertThat(StatsTable.lines(List.of(web("dropped: FAULT 1", SLOW, LONG, REFUSING))))
                .hasSize(2 + 4)
                .endsWith(
                        "  ~ to client: latency PT0.1S, seed 42, flows 3",
                        "  ~ both ways: latency PT0.1S +-PT0.02S.., seed -9223372036854775808, flows 1042",
                        "  ~ listening: REFUSE",
                        "  ! dropped: FAULT 1")
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void aLineSaysThemAllBeforeTheTroubles() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T05:06:07.08Z"), ZoneOffset.UTC);

        assertThat(new StatsLines(clock)
                        .show(List.of(web("dropped: FAULT 1", SLOW, REFUSING)))
                        .strip())
                .endsWith("(0 B/s); fault to client: latency PT0.1S, seed 42, flows 3; fault listening: REFUSE;"
                        + " dropped: FAULT 1");
    }

    @Test
    void whatIsAtWorkIsReadUntilItIsUndone() {
        FaultRule slow =
                FaultRule.toClient(Fault.latency(Duration.ofMillis(100))).seed(42);
        try (ProxyServer proxy = ProxyServer.start(
                Route.tcp("web").listen("127.0.0.1", 0).faults(slow).to("127.0.0.1:1"))) {
            Meter meter = new Meter(proxy, 0);
            RunningFault refusing = proxy.route("web").faults().listening(Fault.refuse());
            assertThat(meter.look(1).get(0).faults())
                    .containsExactly(new FaultReading("to client: latency PT0.1S", ", seed 42", ", flows 0"), REFUSING);

            refusing.close();
            assertThat(meter.look(2).get(0).faults()).hasSize(1);
            proxy.route("web").faults().clear();
            assertThat(meter.look(3).get(0).faults()).isEmpty();
        }
    }
}
