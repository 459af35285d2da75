package dev.sluice.examples.relay;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** How readings are shown. */
interface StatsView {

    /** {@return what to print, line ends included} */
    String show(List<RouteReading> readings);

    /**
     * {@return a table where somebody watches, else lines}
     *
     * @param terminal whether the output is a terminal
     * @param kind the terminal's kind, as TERM says; what is dumb or unknown is sent no escape sequences
     */
    static StatsView on(boolean terminal, Optional<String> kind) {
        boolean draws = terminal
                && kind.filter(term -> !term.isEmpty() && !term.equals("dumb")).isPresent();
        return draws ? new StatsTable(TerminalSize::ask) : new StatsLines(Clock.systemUTC());
    }
}
