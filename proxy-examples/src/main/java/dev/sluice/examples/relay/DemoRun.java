package dev.sluice.examples.relay;

import dev.sluice.DialFailure;
import dev.sluice.RunningRoute;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One performance of the demo: traffic through both routes, and what came of it, printed. */
final class DemoRun {
    private static final int REQUESTS = 1000;
    private static final int DATAGRAMS = 1000;

    private final DemoSetting setting;
    private final PrintStream out;
    private final Latency http = new Latency();
    private final Latency udp = new Latency();

    DemoRun(DemoSetting setting, PrintStream out) {
        this.setting = setting;
        this.out = out;
    }

    /** {@return how many requests and datagrams were lost} */
    int run() throws Exception {
        say("A TCP route over two HTTP servers, and a UDP route, all inside this process:");
        for (RunningRoute route : setting.proxy().routes()) {
            say("  " + Listening.line(route));
        }
        warmUp();
        int lost = sendRequests() + sendDatagrams();
        say("");
        say("Time to an answer in microseconds, direct and through the relay (+ what it added)");
        LatencyChart.of("HTTP", http).forEach(this::say);
        LatencyChart.of("UDP", udp).forEach(this::say);
        say("");
        say(lost == 0 ? "Nothing was lost." : lost + " LOST: that should not be, a report is welcome.");
        return lost;
    }

    /** What is measured is the code as it runs once it is compiled, on both sides alike. */
    private void warmUp() throws Exception {
        new HttpTraffic(setting.web().localAddress(), new Latency()).send(REQUESTS, setting.httpServers());
        new UdpTraffic(setting.echoRoute().localAddress(), setting.echoServer(), new Latency()).send(DATAGRAMS);
    }

    private int sendRequests() throws Exception {
        HttpTraffic clients = new HttpTraffic(setting.web().localAddress(), http);
        int half = REQUESTS / 2;
        long begun = System.nanoTime();
        Tally both = clients.send(half, setting.httpServers());
        setting.stopSouth();
        Tally northOnly = clients.send(half, setting.httpServers().subList(0, 1));
        Duration took = Duration.ofNanos(System.nanoTime() - begun);

        say("");
        say(String.format(
                Locale.ROOT,
                "%d HTTP requests on %d connections in %s, and south stopped half way",
                REQUESTS,
                REQUESTS / HttpTraffic.REQUESTS_A_CONNECTION,
                seconds(took)));
        say(String.format(Locale.ROOT, "  %-8s%12s%12s", "answered", "before", "after"));
        for (String name : List.of(DemoSetting.NORTH, DemoSetting.SOUTH)) {
            int before = both.answeredBy(name);
            int after = northOnly.answeredBy(name);
            say(String.format(Locale.ROOT, "  %-8s%12d%12d   %s", name, before, after, bar(before + after)));
        }
        int lost = both.lost() + northOnly.lost();
        say(String.format(Locale.ROOT, "  %-8s%12d%12d", "lost", both.lost(), northOnly.lost()));
        say("  " + setting.web().metrics().dialFailures(DialFailure.REFUSED)
                + " connections were refused by south, and went to north instead");
        return lost;
    }

    private int sendDatagrams() throws Exception {
        UdpTraffic clients = new UdpTraffic(setting.echoRoute().localAddress(), setting.echoServer(), udp);
        long begun = System.nanoTime();
        Tally tally = clients.send(DATAGRAMS);
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        say("");
        say(String.format(
                Locale.ROOT,
                "%d datagrams from %d clients in %s",
                DATAGRAMS,
                DATAGRAMS / UdpTraffic.DATAGRAMS_A_CLIENT,
                seconds(took)));
        say(String.format(Locale.ROOT, "  %-8s%12d", "echoed", tally.answeredBy("echo")));
        say(String.format(Locale.ROOT, "  %-8s%12d", "lost", tally.lost()));
        return tally.lost();
    }

    private static String bar(int requests) {
        return "#".repeat(requests * 40 / REQUESTS);
    }

    private static String seconds(Duration d) {
        return String.format(Locale.ROOT, "%.2f s", d.toMillis() / 1e3);
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
