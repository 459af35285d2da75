package dev.sluice.examples.relay;

import java.util.List;

/** How readings are shown. */
interface StatsView {

    /** {@return what to print, line ends included} */
    String show(List<RouteReading> readings);
}
