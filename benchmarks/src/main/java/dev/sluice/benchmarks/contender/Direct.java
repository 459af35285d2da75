package dev.sluice.benchmarks.contender;

import dev.sluice.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** No relay: what the load and the upstream can do by themselves. */
public final class Direct implements Contender {
    /** In tables and on the command line. */
    public static final String NAME = "direct";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean carries(Transport transport) {
        return true;
    }

    @Override
    public Optional<String> missing() {
        return Optional.empty();
    }

    @Override
    public Relay start(Transport transport, InetSocketAddress upstream) {
        return new Nobody(upstream.getPort());
    }

    private record Nobody(int port) implements Relay {
        @Override
        public Duration cpu() {
            return Duration.ZERO;
        }

        @Override
        public OptionalLong heap() {
            return OptionalLong.empty();
        }

        @Override
        public long resident() {
            return 0;
        }

        @Override
        public long compileMillis() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
