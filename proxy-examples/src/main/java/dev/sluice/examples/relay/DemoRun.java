package dev.sluice.examples.relay;

import dev.sluice.DialFailure;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** One performance of the demo: traffic through both routes, and what came of it, printed. */
final class DemoRun {
    private static final int REQUESTS = 1000;
    private static final int DATAGRAMS = 1000;
    private static final int LONGEST_BAR = 40;
    private static final Duration WARM_UP = Duration.ofMillis(600);

    private final DemoSetting setting;
    private final PrintStream out;
    private final HttpTraffic http;
    private final UdpTraffic udp;

    DemoRun(DemoSetting setting, PrintStream out) {
        this.setting = setting;
        this.out = out;
        this.http = new HttpTraffic(setting.web().localAddress());
        this.udp = new UdpTraffic(setting.echoRoute().localAddress(), setting.echoServer());
    }

    /** Returns how many requests and datagrams were lost. */
    int run() throws IOException {
        say("A TCP route over two HTTP servers, and a UDP route, all inside this process:");
        setting.proxy().routes().forEach(route -> say("  " + Listening.line(route)));
        warmUp();
        int lost = sendRequests() + sendDatagrams();
        say("");
        say("How long a client waited for an answer, direct and through the relay:");
        say(LatencyChart.heading());
        LatencyChart.lines("new connection", http.first()).forEach(this::say);
        LatencyChart.lines("kept connection", http.later()).forEach(this::say);
        LatencyChart.lines("datagram", udp.latency()).forEach(this::say);
        say("");
        say(lost == 0 ? "Nothing was lost." : lost + " were lost, which should not be: please report it.");
        return lost;
    }

    /** What is measured is code that has been compiled, that of servers and clients as well as the relay's. */
    private void warmUp() throws IOException {
        HttpTraffic requests = new HttpTraffic(setting.web().localAddress());
        for (long begun = System.nanoTime(); System.nanoTime() - begun < WARM_UP.toNanos(); ) {
            requests.send(REQUESTS / 10, setting.httpServers());
        }
        UdpTraffic datagrams = new UdpTraffic(setting.echoRoute().localAddress(), setting.echoServer());
        for (long begun = System.nanoTime(); System.nanoTime() - begun < WARM_UP.toNanos() / 2; ) {
            datagrams.send(DATAGRAMS / 10);
        }
    }

    private int sendRequests() throws IOException {
        List<InetSocketAddress> servers = setting.httpServers();
        Tally before = http.send(REQUESTS / 2, servers);
        setting.stopSouth();
        Tally after = http.send(REQUESTS / 2, servers.subList(0, 1));

        say("");
        say(REQUESTS + " HTTP requests on " + REQUESTS / HttpTraffic.REQUESTS_A_CONNECTION
                + " connections; south was stopped half way:");
        say(String.format(Locale.ROOT, "  %-16s%7s%8s", "", "before", "after"));
        for (String server : List.of(DemoSetting.NORTH, DemoSetting.SOUTH)) {
            row(server + " answered", before.answeredBy(server), after.answeredBy(server));
        }
        row("lost", before.lost(), after.lost());
        say("  " + setting.web().metrics().dialFailures(DialFailure.REFUSED)
                + " connections were refused by south; the relay took them to north.");
        return before.lost() + after.lost();
    }

    private int sendDatagrams() throws IOException {
        Tally tally = udp.send(DATAGRAMS);
        say("");
        say(DATAGRAMS + " datagrams from " + DATAGRAMS / UdpTraffic.DATAGRAMS_A_CLIENT + " clients: "
                + tally.answeredBy("echo") + " came back, " + tally.lost() + " lost.");
        return tally.lost();
    }

    private void row(String title, int before, int after) {
        String bar = "#".repeat((before + after) * LONGEST_BAR / REQUESTS);
        say(String.format(Locale.ROOT, "  %-16s%7d%8d   %s", title, before, after, bar)
                .stripTrailing());
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
