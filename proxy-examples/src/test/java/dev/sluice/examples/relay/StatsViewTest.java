package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatsViewTest {
    private static final RouteReading WEB = new RouteReading(
            new Reading("web", new Counts(12, 1042, 3 << 20, 455 << 20, 1), 1.25 * (1 << 20), 45.3 * (1 << 20), ""),
            List.of(
                    new Reading("10.0.0.5:80", new Counts(12, 1041, 3 << 20, 455 << 20, 0), 1024, 2048, "ok"),
                    new Reading("[2001:db8:1234:5678::1]:80", Counts.NONE, 0, 0, "fails")),
            List.of(),
            "dials failed: REFUSED 1");
    private static final RouteReading QUIET =
            new RouteReading(new Reading("dns", Counts.NONE, 0, 0, ""), List.of(), List.of(), "");

    @Test
    void aTableHasARowForEachRouteAndUpstream() {
        assertThat(StatsTable.lines(List.of(WEB, QUIET)))
                .containsExactly(
                        "ROUTE                  FLOWS   OPENED     UP/S   DOWN/S       UP     DOWN  STATE",
                        "web                       12     1042 1.25 MiB 45.3 MiB 3.00 MiB  455 MiB",
                        "  10.0.0.5:80             12     1041 1.00 KiB 2.00 KiB 3.00 MiB  455 MiB  ok",
                        "  [2001:db8:1234:567..     0        0      0 B      0 B      0 B      0 B  fails",
                        "  ! dials failed: REFUSED 1",
                        "dns                        0        0      0 B      0 B      0 B      0 B")
                .allMatch(line -> line.length() <= 80);
    }

    private static StatsTable table(int columns, int lines) {
        return new StatsTable(() -> new TerminalSize(columns, lines));
    }

    @Test
    void aTableIsDrawnOverTheOneBefore() {
        StatsTable table = table(80, 24);

        assertThat(table.show(List.of(WEB))).startsWith("\033[KROUTE").endsWith("\033[J");
        assertThat(table.show(List.of(QUIET))).startsWith("\033[5A\033[KROUTE");
        assertThat(table.show(List.of(QUIET))).startsWith("\033[2A\033[KROUTE");
    }

    @Test
    void aTableIsCutToItsTerminal() {
        assertThat(table(10, 5).show(List.of(WEB, QUIET)).replace("\033[K", "").lines())
                .containsExactly("ROUTE     ", "web       ", "  10.0.0.5", "3 more lin", "\033[J");
        assertThat(table(80, 7).show(List.of(WEB, QUIET)).lines()).hasSize(6 + 1);
        assertThat(table(1, 1).show(List.of(WEB, QUIET)).lines()).containsExactly("\033[K6", "\033[J");
    }

    @Test
    void aTableIsDrawnOverWhatWasShownOfTheOneBefore() {
        StatsTable table = table(80, 4);

        table.show(List.of(WEB));

        assertThat(table.show(List.of(WEB))).startsWith("\033[3A");
    }

    @Test
    void aTerminalTellsItsSizeOrHasTheUsual() {
        assertThat(TerminalSize.parse("50 132\n")).isEqualTo(new TerminalSize(132, 50));
        assertThat(TerminalSize.parse("0 0\n")).isEqualTo(new TerminalSize(80, 24));
        assertThat(TerminalSize.parse("")).isEqualTo(new TerminalSize(80, 24));
    }

    @Test
    void escapeSequencesAreForTerminalsThatKnowThem() {
        assertThat(StatsView.on(true, Optional.of("xterm"))).isInstanceOf(StatsTable.class);
        assertThat(StatsView.on(true, Optional.of("dumb"))).isInstanceOf(StatsLines.class);
        assertThat(StatsView.on(true, Optional.of(""))).isInstanceOf(StatsLines.class);
        assertThat(StatsView.on(true, Optional.empty())).isInstanceOf(StatsLines.class);
        assertThat(StatsView.on(false, Optional.of("xterm"))).isInstanceOf(StatsLines.class);
    }

    @Test
    void aLineSaysItAll() {
        Clock clock = Clock.fixed(Instant.parse("2026-03-04T05:06:07.08Z"), ZoneOffset.UTC);

        assertThat(new StatsLines(clock).show(List.of(WEB, QUIET)).lines())
                .containsExactly(
                        "2026-03-04T05:06:07.080Z stats web flows 12, opened 1042, up 3.00 MiB (1.25 MiB/s),"
                                + " down 455 MiB (45.3 MiB/s);"
                                + " 10.0.0.5:80 12 ok, [2001:db8:1234:5678::1]:80 0 fails; dials failed: REFUSED 1",
                        "2026-03-04T05:06:07.080Z stats dns flows 0, opened 0, up 0 B (0 B/s), down 0 B (0 B/s)");
    }
}
