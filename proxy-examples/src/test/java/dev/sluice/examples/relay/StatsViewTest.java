package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatsViewTest {
    private static final RouteReading WEB = new RouteReading(
            new Reading("web", new Counts(12, 1042, 3 << 20, 455 << 20, 1), 1.25 * (1 << 20), 45.3 * (1 << 20), ""),
            List.of(
                    new Reading("10.0.0.5:80", new Counts(12, 1041, 3 << 20, 455 << 20, 0), 1024, 2048, "ok"),
                    new Reading("[2001:db8:1234:5678::1]:80", Counts.NONE, 0, 0, "down")),
            "dials failed: REFUSED 1");
    private static final RouteReading QUIET =
            new RouteReading(new Reading("dns", Counts.NONE, 0, 0, ""), List.of(), "");

    @Test
    void aTableHasARowForEachRouteAndUpstream() {
        assertThat(StatsTable.lines(List.of(WEB, QUIET)))
                .containsExactly(
                        "ROUTE                  FLOWS   OPENED     UP/S   DOWN/S       UP     DOWN  STATE",
                        "web                       12     1042 1.25 MiB 45.3 MiB 3.00 MiB  455 MiB",
                        "  10.0.0.5:80             12     1041 1.00 KiB 2.00 KiB 3.00 MiB  455 MiB  ok",
                        "  [2001:db8:1234:567..     0        0      0 B      0 B      0 B      0 B  down",
                        "  ! dials failed: REFUSED 1",
                        "dns                        0        0      0 B      0 B      0 B      0 B")
                .allMatch(line -> line.length() <= 80);
    }

    @Test
    void aTableIsDrawnOverTheOneBefore() {
        StatsTable table = new StatsTable();

        assertThat(table.show(List.of(WEB))).startsWith("ROUTE").endsWith("\033[J");
        assertThat(table.show(List.of(QUIET))).startsWith("\033[5AROUTE");
        assertThat(table.show(List.of(QUIET))).startsWith("\033[2AROUTE");
    }

    @Test
    void aLineSaysItAll() {
        assertThat(new StatsLines().show(List.of(WEB, QUIET)).lines())
                .containsExactly(
                        "stats web flows 12, opened 1042, up 3.00 MiB (1.25 MiB/s), down 455 MiB (45.3 MiB/s);"
                                + " 10.0.0.5:80 12 ok, [2001:db8:1234:5678::1]:80 0 down; dials failed: REFUSED 1",
                        "stats dns flows 0, opened 0, up 0 B (0 B/s), down 0 B (0 B/s)");
    }
}
