package dev.sluice.benchmarks.compare;

import dev.sluice.Transport;
import dev.sluice.benchmarks.contender.Contender;
import dev.sluice.benchmarks.load.Target;
import dev.sluice.benchmarks.upstream.UpstreamProcess;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** What all cases of a run share: the contenders, the upstream behind them, and somewhere to tell how it goes. */
final class Bench {
    private final Plan plan;
    private final List<Contender> contenders;
    private final UpstreamProcess upstream;
    private final PrintWriter progress;
    private final List<String> notes = new ArrayList<>();

    Bench(Plan plan, List<Contender> contenders, UpstreamProcess upstream, PrintWriter progress) {
        this.plan = plan;
        this.contenders = contenders;
        this.upstream = upstream;
        this.progress = progress;
    }

    Plan plan() {
        return plan;
    }

    UpstreamProcess upstream() {
        return upstream;
    }

    List<Contender> contendersFor(Transport transport) {
        return contenders.stream().filter(each -> each.carries(transport)).toList();
    }

    Target target(int port) {
        return new Target(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), upstream::received);
    }

    void say(String what) {
        progress.println(what);
    }

    /** Something that whoever reads the results should know. */
    void note(String what) {
        say(what);
        notes.add(what);
    }

    List<String> notes() {
        return notes;
    }
}
