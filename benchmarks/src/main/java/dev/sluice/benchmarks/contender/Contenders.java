package dev.sluice.benchmarks.contender;

import dev.sluice.Transport;
import dev.sluice.benchmarks.relay.NetCrusherRelay;
import dev.sluice.benchmarks.relay.NettyRelay;
import dev.sluice.benchmarks.relay.SluiceRelay;
import dev.sluice.benchmarks.relay.VertxRelay;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All who are compared. */
public final class Contenders {
    /** The one that all this is about. */
    public static final String OURS = "sluice";

    private Contenders() {}

    /** Ours first, direct as the limit last; always in the same order. */
    public static List<Contender> all() {
        Executables executables = Executables.onPath();
        List<Contender> all = new ArrayList<>();
        all.add(JavaContender.of(OURS, SluiceRelay.class));
        all.addAll(HaproxyContender.variants(executables));
        all.addAll(NginxContender.variants(executables));
        all.add(JavaContender.of("netty-nio", NettyRelay.class, "nio"));
        all.add(JavaContender.of("netty-epoll", NettyRelay.class, "epoll").lacking(nativeEpoll()));
        all.add(JavaContender.of("vertx", VertxRelay.class).carrying(Transport.TCP));
        all.add(JavaContender.of("netcrusher", NetCrusherRelay.class));
        all.add(new Direct());
        return List.copyOf(all);
    }

    /** Of Netty's native libraries the jar has one; asking Netty would load it into the driver. */
    private static Optional<String> nativeEpoll() {
        boolean here = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").equals("amd64");
        return here ? Optional.empty() : Optional.of("netty-epoll needs Linux on x86-64: run it there");
    }
}
