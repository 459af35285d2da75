package dev.sluice.benchmarks.contender;

import static java.util.Locale.ROOT;

import dev.sluice.Transport;
import dev.sluice.benchmarks.process.ChildJvm;
import dev.sluice.nio.socket.AddressText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One of the relay programs, in a JVM of its own with default flags. */
record JavaContender(
        String name, Set<Transport> transports, String program, List<String> arguments, Optional<String> missing)
        implements Contender {
    static JavaContender of(String name, Class<?> program, String... arguments) {
        return new JavaContender(
                name, Set.of(Transport.values()), program.getName(), List.of(arguments), Optional.empty());
    }

    JavaContender carrying(Transport... few) {
        return new JavaContender(name, Set.of(few), program, arguments, missing);
    }

    JavaContender lacking(Optional<String> something) {
        return new JavaContender(name, transports, program, arguments, something);
    }

    @Override
    public boolean carries(Transport transport) {
        return transports.contains(transport);
    }

    @Override
    public Relay start(Transport transport, InetSocketAddress upstream) throws IOException {
        List<String> words = new ArrayList<>(arguments);
        words.add(transport.name().toLowerCase(ROOT));
        words.add(AddressText.of(upstream));
        return JavaRelay.start(name, ChildJvm.start(program, words));
    }
}
