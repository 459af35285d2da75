package dev.sluice.benchmarks.contender;

import dev.sluice.benchmarks.relay.SluiceRelay;
import java.util.ArrayList;
import java.util.List;

/** All who are compared. */
public final class Contenders {
    private Contenders() {}

    /** Ours first, direct as the limit last; always in the same order. */
    public static List<Contender> all() {
        Executables executables = Executables.onPath();
        List<Contender> all = new ArrayList<>();
        all.add(JavaContender.of("sluice", SluiceRelay.class));
        all.addAll(HaproxyContender.variants(executables));
        all.addAll(NginxContender.variants(executables));
        all.add(new Direct());
        return List.copyOf(all);
    }
}
