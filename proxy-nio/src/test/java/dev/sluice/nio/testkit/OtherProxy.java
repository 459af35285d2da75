package dev.sluice.nio.testkit;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A proxy that is not ours, in a process of its own that goes with the test. */
public final class OtherProxy implements AutoCloseable {
    private final Process process;
    private final InetSocketAddress address;
    private final Path directory;

    private OtherProxy(Process process, InetSocketAddress address, Path directory) {
        this.process = process;
        this.address = address;
        this.directory = directory;
    }

    /** Where a program is, if this host has it. */
    public static Optional<Path> find(String program) {
        return Stream.of((System.getenv("PATH") + ":/usr/sbin").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * HAProxy with one listener.
     *
     * @param bind what its {@code bind} line has besides the address
     * @param server what its {@code server} line has, the address first
     */
    public static OtherProxy haproxy(String bind, String server) throws IOException {
        InetSocketAddress address = FreeAddress.tcp();
        return start(
                address,
                """
                global
                  stats timeout 1s
                defaults
                  mode tcp
                  timeout connect 5s
                  timeout client 30s
                  timeout server 30s
                listen proxy
                  bind %s %s
                  server upstream %s
                """.formatted(hostPort(address), bind, server),
                config -> List.of(find("haproxy").orElseThrow().toString(), "-db", "-f", config.toString()));
    }

    /**
     * nginx with one stream server.
     *
     * @param listen what its {@code listen} line has besides the address
     * @param directives what else is in its {@code server} block
     */
    public static OtherProxy nginx(String listen, String directives) throws IOException {
        InetSocketAddress address = FreeAddress.tcp();
        return start(
                address,
                """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                stream {
                  server {
                    listen %s %s;
                    %s
                  }
                }
                """.formatted(hostPort(address), listen, directives),
                config -> List.of(
                        find("nginx").orElseThrow().toString(),
                        "-p",
                        config.getParent().toString(),
                        "-c",
                        config.toString()));
    }

    private interface Command {
        List<String> of(Path config);
    }

    private static OtherProxy start(InetSocketAddress address, String config, Command command) throws IOException {
        Path directory = Files.createTempDirectory("other-proxy");
        Path file = Files.writeString(directory.resolve("config"), config);
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command.of(file))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        OtherProxy proxy = new OtherProxy(process, address, directory);
        Await.until("it listens, or has ended", () -> !process.isAlive() || proxy.listens());
        if (!process.isAlive()) {
            throw new AssertionError(Files.readString(log));
        }
        return proxy;
    }

    /** Told without a connection, which would be relayed. */
    private boolean listens() {
        String entry = String.format(":%04X 00000000:0000 0A", address.getPort());
        try (Stream<String> sockets = Files.lines(Path.of("/proc/net/tcp"))) {
            return sockets.anyMatch(line -> line.contains(entry));
        } catch (IOException e) {
            throw new AssertionError("no list of sockets", e);
        }
    }

    private static String hostPort(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    public InetSocketAddress address() {
        return address;
    }

    /** As an upstream is written. */
    public String hostPort() {
        return hostPort(address);
    }

    @Override
    public void close() {
        Await.exit(process.destroyForcibly());
        Directories.delete(directory);
    }
}
