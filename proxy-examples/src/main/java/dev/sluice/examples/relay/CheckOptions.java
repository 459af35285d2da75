package dev.sluice.examples.relay;

import dev.sluice.HealthCheck;
import dev.sluice.Transport;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.List;

/** The options of a route about the health of its upstreams, as settings of its group. */
final class CheckOptions {
    /** Those that say something about a check, if there is one. */
    private static final List<String> DETAILS =
            List.of("checkSend", "checkExpect", "checkPort", "checkTimeout", "rise", "fall");

    private CheckOptions() {}

    /** @param route in whose name it complains */
    static Upstreams apply(RouteOptions options, Transport transport, Upstreams group, String route) {
        Upstreams changed = group.eject(options.ejection(group.ejection()))
                .slowStart(options.duration("slowStart", group.slowStart()))
                .panicBelow(options.fraction("panicBelow", group.panicBelow()));
        if (options.has("check")) {
            return changed.check(check(options, transport, route));
        }
        for (String detail : DETAILS) {
            if (options.has(detail)) {
                throw wrong(route, detail + " is about checks, which are off; give an interval too, such as check=5s");
            }
        }
        return changed;
    }

    private static HealthCheck check(RouteOptions options, Transport transport, String route) {
        HealthCheck plain = kind(options, transport, route);
        return plain.interval(options.duration("check", Duration.ZERO))
                .timeout(options.duration("checkTimeout", plain.timeout()))
                .port(options.number("checkPort", plain.port()))
                .rise(options.number("rise", plain.rise()))
                .fall(options.number("fall", plain.fall()));
    }

    private static HealthCheck kind(RouteOptions options, Transport transport, String route) {
        byte[] send = options.bytes("checkSend");
        byte[] expect = options.bytes("checkExpect");
        if (transport == Transport.UDP) {
            if (send.length == 0) {
                throw wrong(route, "check of a UDP route sends something that is answered; give checkSend too");
            }
            return HealthCheck.datagram(send, expect);
        }
        boolean exchanges = options.has("checkSend") || options.has("checkExpect");
        return exchanges ? HealthCheck.exchange(send, expect) : HealthCheck.connect();
    }

    private static IllegalArgumentException wrong(String route, String what) {
        return new IllegalArgumentException("route \"" + route + "\": option " + what);
    }
}
