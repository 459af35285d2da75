package dev.sluice.benchmarks.contender;

import static java.util.Locale.ROOT;

import dev.sluice.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One of the relay programs, in a JVM of its own with default flags. */
record JavaContender(String name, Set<Transport> transports, List<String> program, Optional<String> missing)
        implements Contender {
    static JavaContender of(String name, Class<?> program, String... arguments) {
        List<String> words = new ArrayList<>(List.of(program.getName()));
        words.addAll(List.of(arguments));
        return new JavaContender(name, Set.of(Transport.values()), words, Optional.empty());
    }

    JavaContender carrying(Transport... few) {
        return new JavaContender(name, Set.of(few), program, missing);
    }

    JavaContender lacking(Optional<String> something) {
        return new JavaContender(name, transports, program, something);
    }

    @Override
    public boolean carries(Transport transport) {
        return transports.contains(transport);
    }

    @Override
    public Relay start(Transport transport, InetSocketAddress upstream) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Changes nothing but the warnings of newer JDKs, which would end up between the lines of progress.
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.addAll(program);
        command.add(transport.name().toLowerCase(ROOT));
        command.add(Host.text(upstream));
        return JavaRelay.start(name, command);
    }
}
