package dev.sluice.benchmarks.micro;

import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A first pick of each selector, asked as the engine asks it: two readings of the clock are in the time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SelectorBenchmark {
    /** Each as it is made by the factory of this name. */
    @Param({"roundRobin", "leastConnections", "twoChoices", "random", "failover", "sourceHash", "maglev"})
    public String selector;

    /** How many there are to pick from. */
    @Param({"3", "100", "1000"})
    public int upstreams;

    private final Parties flow = new Parties("measured", Transport.TCP, TurnedWorker.anyPort(), TurnedWorker.anyPort());
    private Lane lane;
    private Group group;

    /** Makes the group, whose members have a few flows each. */
    @Setup
    public void open() throws IOException {
        lane = new TurnedWorker().lane();
        List<Upstream> members = new ArrayList<>();
        for (int i = 0; i < upstreams; i++) {
            members.add(Upstream.of("127.0.0.1:" + (1 + i)));
        }
        group = new Group(Upstreams.of(members).select(made()), 1, change -> {});
        for (int i = 0; i < upstreams; i++) {
            for (int flows = i % 7; flows > 0; flows--) {
                group.members().get(i).tryAcquire();
            }
        }
    }

    private UpstreamSelector made() {
        return switch (selector) {
            case "roundRobin" -> UpstreamSelector.roundRobin();
            case "leastConnections" -> UpstreamSelector.leastConnections();
            case "twoChoices" -> UpstreamSelector.twoChoices();
            case "random" -> UpstreamSelector.random();
            case "failover" -> UpstreamSelector.failover();
            case "sourceHash" -> UpstreamSelector.sourceHash();
            case "maglev" -> UpstreamSelector.maglev();
            default -> throw new IllegalArgumentException(selector);
        };
    }

    /** The upstream that one more flow would try first. */
    @Benchmark
    public Member pick() {
        Member picked = lane.pick(group, flow, List.of(), null);
        picked.release();
        return picked;
    }
}
