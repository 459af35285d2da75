package dev.sluice.benchmarks.contender;

import dev.sluice.Transport;
import dev.sluice.benchmarks.relay.FreePort;
import dev.sluice.nio.socket.AddressText;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** HAProxy with one thread; it relays no UDP. */
record HaproxyContender(String name, String global, String listener, Executables executables) implements Contender {
    private static final String MISSING = "haproxy is not on the PATH: apt-get install haproxy";
    private static final long MOST_CONNECTIONS = 6_000;

    /** Longer than any workload is silent. */
    private static final String CONFIGURATION = """
            global
                nbthread 1
                maxconn %d
                %s
            defaults
                mode tcp
                timeout connect 5s
                timeout client 10m
                timeout server 10m
            listen relay
                bind 127.0.0.1:%d
                %s
                server upstream %s
            """;

    static List<Contender> variants(Executables executables) {
        return List.of(
                new HaproxyContender("haproxy", "", "", executables),
                new HaproxyContender("haproxy-tuned", "tune.bufsize 262144", "", executables),
                new HaproxyContender("haproxy-splice", "tune.pipesize 262144", "option splice-auto", executables));
    }

    @Override
    public boolean carries(Transport transport) {
        return transport == Transport.TCP;
    }

    @Override
    public Optional<String> missing() {
        return program().isPresent() ? Optional.empty() : Optional.of(MISSING);
    }

    @Override
    public Relay start(Transport transport, InetSocketAddress upstream) throws IOException {
        Path haproxy = program().orElseThrow(() -> new IOException(MISSING));
        int port = FreePort.find(transport);
        long connections = Host.descriptors(2 * MOST_CONNECTIONS) / 2;
        ServerFiles files = ServerFiles.create(name);
        Path configuration = files.write(
                "haproxy.cfg", CONFIGURATION.formatted(connections, global, port, listener, AddressText.of(upstream)));
        List<String> command = List.of(haproxy.toString(), "-db", "-f", configuration.toString());
        return ServerRelay.start(port, files, command, process -> accepts(port));
    }

    @Override
    public Optional<String> version() {
        return executables.version("haproxy");
    }

    private Optional<Path> program() {
        return executables.find("haproxy");
    }

    private static boolean accepts(int port) {
        try (Socket probe = new Socket("127.0.0.1", port)) {
            return probe.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }
}
