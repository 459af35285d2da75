package dev.sluice.benchmarks.compare;

import dev.sluice.benchmarks.load.BulkLoad;
import dev.sluice.benchmarks.load.BulkLoad.Direction;
import dev.sluice.benchmarks.load.ChurnLoad;
import dev.sluice.benchmarks.load.DatagramLoad;
import dev.sluice.benchmarks.load.FloodLoad;
import dev.sluice.benchmarks.load.Load;
import dev.sluice.benchmarks.load.PacedLoad;
import dev.sluice.benchmarks.load.RequestLoad;
import dev.sluice.benchmarks.result.CaseResult;
import dev.sluice.benchmarks.result.Metric;
import dev.sluice.benchmarks.result.Row;
import dev.sluice.benchmarks.result.Unit;
import dev.sluice.benchmarks.upstream.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** The workloads, in the order in which they are run. */
final class Workloads {
    private static final int CONNECTIONS = 50;
    private static final int SMALL = 64;
    private static final int LARGER = 1_024;
    /** The part of its own peak that each contender's latency is measured at. */
    private static final double PACE = 0.6;

    private static final int VISITORS = 16;
    private static final int SCALE_AT_ONCE = 10;
    private static final int FLOODING = 20;

    private Workloads() {}

    static List<Workload> all() {
        return List.of(
                fixed("bulk", "as many bytes as go through, each way, over 1 and 8 connections", bulk()),
                requests(),
                fixed("pingpong", "one request at a time over one connection: latency", List.of(pingPong())),
                fixed("churn", "a new connection for each request, 16 at a time", List.of(churn())),
                fixed("udp", "requests and answers of 20 and 1,000 clients, and a flood one way", udp()),
                new IdleWorkload(),
                fixed("scale", "ten requests at a time over 10 to 5,000 open connections", scale()),
                new StartupWorkload());
    }

    private static Workload fixed(String name, String description, List<Case> cases) {
        return new Fixed(name, description, cases);
    }

    private record Fixed(String name, String description, List<Case> cases) implements Workload {
        @Override
        public void run(Bench bench, Consumer<CaseResult> results) {
            cases.forEach(each -> results.accept(CaseRun.of(each, bench)));
        }
    }

    private static List<Case> bulk() {
        List<Case> cases = new ArrayList<>();
        for (int connections : new int[] {1, 8}) {
            for (Direction direction : Direction.values()) {
                Service service = direction == Direction.DOWN ? Service.SOURCE : Service.SINK;
                cases.add(new Case(
                        "bulk",
                        "bulk, " + connections + (direction == Direction.DOWN ? " down" : " up"),
                        service,
                        Metric.CPU,
                        closed(Unit.GIB, target -> new BulkLoad(target, connections, direction))));
            }
        }
        return cases;
    }

    /** Their latency is taken in a case of its own, at a part of what each did in the first. */
    private static Workload requests() {
        return new Workload() {
            @Override
            public String name() {
                return "requests";
            }

            @Override
            public String description() {
                return "requests over 50 kept connections, and their latency at 60 % of each relay's peak";
            }

            @Override
            public void run(Bench bench, Consumer<CaseResult> results) {
                CaseResult small = CaseRun.of(request("requests, 64 B", CONNECTIONS, CONNECTIONS, SMALL), bench);
                results.accept(small);
                results.accept(CaseRun.of(request("requests, 1,024 B", CONNECTIONS, CONNECTIONS, LARGER), bench));
                results.accept(CaseRun.of(paced(small), bench));
            }
        };
    }

    /** Its workload is the first word of its name. */
    private static Case request(String name, int connections, int atOnce, int bytes) {
        return new Case(
                name.substring(0, name.indexOf(',')),
                name,
                Service.ECHO,
                Metric.CPU,
                closed(Unit.REQUEST, target -> new RequestLoad(target, connections, atOnce, bytes)));
    }

    private static Probe closed(Unit unit, Load.Opener opener) {
        return new ClosedProbe(unit, false, opener);
    }

    private static Case paced(CaseResult peak) {
        Map<String, Double> rates = new HashMap<>();
        for (Row row : peak.rows()) {
            row.median(Metric.RATE).ifPresent(rate -> rates.put(row.contender(), PACE * rate));
        }
        return new Case(
                "requests",
                "requests at 60 % of the own peak",
                Service.ECHO,
                Metric.ADDED_P99,
                new PacedProbe(Unit.REQUEST, (target, rate) -> new PacedLoad(target, CONNECTIONS, SMALL, rate), rates));
    }

    private static Case pingPong() {
        return new Case(
                "pingpong",
                "ping-pong",
                Service.ECHO,
                Metric.P50,
                closed(Unit.REQUEST, target -> new RequestLoad(target, 1, 1, SMALL)));
    }

    private static Case churn() {
        return new Case(
                "churn",
                "churn",
                Service.ECHO_ONCE,
                Metric.CPU,
                closed(Unit.CONNECTION, target -> new ChurnLoad(target, VISITORS, SMALL)));
    }

    private static List<Case> udp() {
        List<Case> cases = new ArrayList<>();
        for (int clients : new int[] {20, 1_000}) {
            for (int bytes : new int[] {SMALL, 1_200}) {
                cases.add(new Case(
                        "udp",
                        "udp, " + count(clients) + " clients, " + count(bytes) + " B",
                        Service.DATAGRAM_ECHO,
                        Metric.CPU,
                        new ClosedProbe(Unit.DATAGRAM, true, target -> new DatagramLoad(target, clients, bytes))));
            }
        }
        for (int bytes : new int[] {SMALL, 1_200}) {
            cases.add(new Case(
                    "udp",
                    "flood, " + count(bytes) + " B",
                    Service.DATAGRAM_SINK,
                    Metric.CPU,
                    new ClosedProbe(Unit.DATAGRAM, true, target -> new FloodLoad(target, FLOODING, bytes))));
        }
        return cases;
    }

    private static List<Case> scale() {
        List<Case> cases = new ArrayList<>();
        for (int connections : new int[] {10, 100, 1_000, 5_000}) {
            cases.add(request("scale, " + count(connections) + " connections", connections, SCALE_AT_ONCE, SMALL));
        }
        return cases;
    }

    private static String count(int number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
