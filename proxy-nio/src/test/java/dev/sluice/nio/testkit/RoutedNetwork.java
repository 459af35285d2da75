package dev.sluice.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three hosts in a row, client, proxy and upstream, each a network namespace of Linux: the upstream knows no way to the
 * client but through the proxy's host. It takes root to make one; {@link #missing} says what else.
 */
public final class RoutedNetwork implements AutoCloseable {
    /** One of the hosts. */
    public enum Host {
        CLIENT,
        PROXY,
        UPSTREAM
    }

    /** How much higher than the port of {@link #startEchoes} that is, on which datagrams come back. */
    public static final int UDP_ECHO = 100;

    private static final AtomicInteger MADE = new AtomicInteger();

    private final String name = "sluice-" + ProcessHandle.current().pid() + "-" + MADE.incrementAndGet();
    private final Deque<Runnable> opened = new ArrayDeque<>();

    private RoutedNetwork() {}

    /** What this host and user lack for such a network; empty if they have it all. */
    public static String missing() throws IOException {
        for (String program : List.of("ip", "socat", "nginx", "nft", "iptables")) {
            if (OtherProxy.find(program).isEmpty()) {
                return program + " is not on this host";
            }
        }
        Process trial = new ProcessBuilder("unshare", "--net", "true").start();
        return Await.exit(trial) == 0 ? "" : "network namespaces take root";
    }

    /** Makes one that brings the answers of the echoes back to the proxy, whoever they are for. */
    public static RoutedNetwork create() throws IOException {
        RoutedNetwork network = createWithoutReturnRoute();
        network.run(Host.PROXY, """
                for version in -4 -6; do
                  for port in 7-9 107-109; do
                    ip $version rule add iif up0 ipproto tcp sport $port lookup 100
                    ip $version rule add iif up0 ipproto udp sport $port lookup 100
                  done
                  ip $version route add local default dev lo table 100
                done
                """);
        return network;
    }

    /** Makes one in which an answer to the client's address is not the proxy's. */
    public static RoutedNetwork createWithoutReturnRoute() throws IOException {
        RoutedNetwork network = new RoutedNetwork();
        try {
            network.build();
            return network;
        } catch (IOException | AssertionError e) {
            network.close();
            throw e;
        }
    }

    private void build() throws IOException {
        for (Host host : Host.values()) {
            shell("ip netns add " + namespace(host));
            // Else nobody answers over IPv6 for the first second, while addresses are looked for twice.
            run(host, "ip link set lo up\necho 0 > /proc/sys/net/ipv6/conf/default/accept_dad");
        }
        link("cl0", Host.CLIENT, "10.1.0", "fd00:1::");
        link("up0", Host.UPSTREAM, "10.2.0", "fd00:2::");
    }

    /** The proxy's end has the first address of each network; the other end the second, and all routes through it. */
    private void link(String device, Host other, String ipv4, String ipv6) throws IOException {
        shell("ip link add " + device + " netns " + namespace(Host.PROXY) + " type veth peer name eth0 netns "
                + namespace(other));
        run(Host.PROXY, addresses(device, ipv4 + ".1/24", ipv6 + "1/64"));
        run(
                other,
                addresses("eth0", ipv4 + ".2/24", ipv6 + "2/64") + "ip route add default via " + ipv4 + ".1\n"
                        + "ip -6 route add default via " + ipv6 + "1\n");
    }

    private static String addresses(String device, String ipv4, String ipv6) {
        return "ip addr add " + ipv4 + " dev " + device + "\n"
                + "ip addr add " + ipv6 + " dev " + device + " nodad\n"
                + "ip link set " + device + " up\n";
    }

    /** Where a host is, as clients and routes write it. */
    public static String address(Host host, Family family) {
        boolean isIpv4 = family == Family.IPV4;
        return switch (host) {
            case CLIENT -> isIpv4 ? "10.1.0.2" : "fd00:1::2";
            case PROXY -> isIpv4 ? "10.1.0.1" : "fd00:1::1";
            case UPSTREAM -> isIpv4 ? "10.2.0.2" : "fd00:2::2";
        };
    }

    /** Runs a script on a host; fails where one of its commands does. */
    public void run(Host host, String script) throws IOException {
        shell("ip netns exec " + namespace(host) + " sh -e <<'END'\n" + script + "\nEND\n");
    }

    /** Starts a program on a host, which ends with the network. */
    public void start(Host host, String... program) throws IOException {
        List<String> command = new ArrayList<>(on(host));
        command.addAll(List.of(program));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        opened.push(() -> end(process.toHandle()));
    }

    /**
     * Starts servers of both families on a port of the upstream. They are socat's and nginx's, not ours: each says whom
     * it sees, in a line of address and port. That of TCP echoes then; for UDP, where socat does not answer all, there
     * is an echo of ours, on {@link #UDP_ECHO} more.
     */
    public void startEchoes(int port) throws IOException {
        for (String version : List.of("4", "6")) {
            start(
                    Host.UPSTREAM,
                    "socat",
                    "TCP" + version + "-LISTEN:" + port + ",fork,reuseaddr,backlog=1024"
                            + (version.equals("6") ? ",ipv6only=1" : ""),
                    "SYSTEM:echo $SOCAT_PEERADDR $SOCAT_PEERPORT; exec cat");
            awaitBound("TCP" + version, port);
        }
        startNginx(port);
        awaitBound("UDP4", port);
        awaitBound("UDP6", port);
        ChildJvm echo =
                java(Host.UPSTREAM, ChildJvm.testClass("warn", UdpEchoProgram.class, String.valueOf(port + UDP_ECHO)));
        if (!echo.readLine().equals("up")) {
            throw new AssertionError(echo.errors());
        }
    }

    private void startNginx(int port) throws IOException {
        Path directory = Files.createTempDirectory("nginx");
        // What is pushed last is done first: the server ends before.
        opened.push(() -> Directories.delete(directory));
        Path config = Files.writeString(directory.resolve("config"), """
                load_module /usr/lib/nginx/modules/ngx_stream_module.so;
                daemon off;
                master_process off;
                pid nginx.pid;
                error_log stderr;
                events {}
                stream {
                  server {
                    listen %s:%d udp;
                    listen [%s]:%d udp;
                    return "$remote_addr $remote_port\\n";
                  }
                }
                """.formatted(
                        address(Host.UPSTREAM, Family.IPV4), port, address(Host.UPSTREAM, Family.IPV6), port));
        start(Host.UPSTREAM, "nginx", "-p", directory.toString(), "-c", config.toString());
    }

    private void awaitBound(String what, int port) {
        String table = "/proc/net/" + what.toLowerCase(Locale.ROOT).replace("4", "");
        String script = String.format("grep -q ':%04X [0-9A-F]*:0000 ' %s", port, table);
        Await.until(what + " is served", () -> succeeds(Host.UPSTREAM, script));
    }

    /** Waits until so many connections of a port of a host are established. */
    public void awaitEstablished(Host host, int port, int count) {
        String script =
                String.format("test $(grep -c ':%04X [0-9A-F]*:[0-9A-F]* 01 ' /proc/net/tcp) = %d", port, count);
        Await.until("connections are established", () -> succeeds(host, script));
    }

    private boolean succeeds(Host host, String script) {
        try {
            run(host, script);
            return true;
        } catch (AssertionError failed) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts {@code java} with these arguments on a host. */
    public ChildJvm java(Host host, List<String> arguments) throws IOException {
        ChildJvm child = ChildJvm.start(on(host), arguments);
        opened.push(child::close);
        return child;
    }

    private List<String> on(Host host) {
        return List.of("ip", "netns", "exec", namespace(host));
    }

    private String namespace(Host host) {
        return name + "-" + host.name().toLowerCase(Locale.ROOT);
    }

    private static void end(ProcessHandle process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static void shell(String script) throws IOException {
        Process process = new ProcessBuilder("sh", "-e", "-c", script)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (Await.exit(process) != 0) {
            throw new AssertionError(script + ": " + said);
        }
    }

    /** Ends what was started in it, and takes it away. */
    @Override
    public void close() throws IOException {
        opened.forEach(Runnable::run);
        for (Host host : Host.values()) {
            shell("ip netns del " + namespace(host) + " || true");
        }
    }
}
