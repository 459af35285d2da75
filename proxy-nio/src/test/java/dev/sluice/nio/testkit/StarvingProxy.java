package dev.sluice.nio.testkit;

import dev.sluice.CloseReason;
import dev.sluice.DialFailure;
import dev.sluice.DropReason;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.UpstreamMetrics;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;

/** A proxy in a process of its own that has few descriptors, of which the test leaves it as many as it likes. */
public final class StarvingProxy implements AutoCloseable {
    private static final int MOST_DESCRIPTORS = 200;

    private final ChildJvm process;
    private final int tcpPort;
    private final int udpPort;

    private StarvingProxy(ChildJvm process) throws IOException {
        this.process = process;
        this.tcpPort = Integer.parseInt(process.readLine());
        this.udpPort = Integer.parseInt(process.readLine());
    }

    /** Starts a proxy with a TCP and a UDP route to these ports on loopback; its archives are kept in a directory. */
    public static StarvingProxy start(Path archives, int workers, int tcpUpstream, int udpUpstream) throws IOException {
        List<String> arguments = new ArrayList<>();
        // In a container the JIT's threads look up its memory in files, whose descriptors come and go.
        arguments.add("-XX:-UseContainerSupport");
        arguments.addAll(List.of("-cp", archived(archives), "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        arguments.add(StarvingProxy.class.getName());
        arguments.addAll(Stream.of(workers, tcpUpstream, udpUpstream)
                .map(String::valueOf)
                .toList());
        return new StarvingProxy(ChildJvm.start(
                List.of("sh", "-c", "ulimit -n " + MOST_DESCRIPTORS + " && exec \"$@\"", "sh"), arguments));
    }

    /** The class path, without directories: a class in one costs a descriptor when it is loaded. */
    private static String archived(Path archives) throws IOException {
        List<String> path = new ArrayList<>(ChildJvm.engine());
        path.add(ChildJvm.simpleLogger());
        path.addAll(ChildJvm.tests());
        List<String> files = new ArrayList<>();
        for (String each : path) {
            files.add(
                    Files.isDirectory(Path.of(each)) ? archived(each, archives.resolve(files.size() + ".jar")) : each);
        }
        return String.join(File.pathSeparator, files);
    }

    private static String archived(String directory, Path archive) {
        if (!Files.exists(archive)) {
            ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
            jar.run(System.out, System.err, "--create", "--file", archive.toString(), "-C", directory, ".");
        }
        return archive.toString();
    }

    public InetSocketAddress tcp() {
        return Family.IPV4.socketAddress(tcpPort);
    }

    public InetSocketAddress udp() {
        return Family.IPV4.socketAddress(udpPort);
    }

    /** Takes all descriptors of the process but so many. */
    public void leave(int descriptors) {
        ask("leave " + descriptors);
    }

    /** Gives all back. */
    public void release() {
        ask("release");
    }

    /** Sockets that the process has open. */
    public long sockets() {
        return ask("sockets");
    }

    public long acceptPauses() {
        return ask("pauses");
    }

    /** Connections that the host's want has ended. */
    public long ended() {
        return ask("ended");
    }

    /** Datagrams that the host's want has cost. */
    public long dropped() {
        return ask("dropped");
    }

    /** Attempts to reach an upstream that failed for want of something on the host. */
    public long hostBlamed() {
        return ask("host");
    }

    /** Attempts to reach an upstream that failed for any reason that is put down to it. */
    public long upstreamBlamed() {
        return ask("upstream");
    }

    /** What the workers have used of the processor, in nanoseconds. */
    public long cpuNanos() {
        return ask("cpu");
    }

    private long ask(String question) {
        try {
            return Long.parseLong(process.tell(question).readLine());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Ends it, and tells what it has logged. */
    public List<String> awaitLog() throws InterruptedException {
        process.tell("end").awaitLines();
        return process.errors().lines().toList();
    }

    @Override
    public void close() {
        process.close();
    }

    /** The process: starts the proxy, says its ports and does as it is told. */
    public static void main(String[] args) throws IOException {
        List<SocketChannel> hoard = new ArrayList<>();
        try (ProxyServer proxy = ProxyServer.builder()
                .workers(Integer.parseInt(args[0]))
                .start(
                        Route.tcp("tcp")
                                .listen("127.0.0.1", 0)
                                .maxConnections(MOST_DESCRIPTORS)
                                .to(Upstreams.of("127.0.0.1:" + args[1]).select(unlessChanging(hoard))),
                        Route.udp("udp").listen("127.0.0.1", 0).to("127.0.0.1:" + args[2]))) {
            System.out.println(proxy.route("tcp").port());
            System.out.println(proxy.route("udp").port());
            BufferedReader words = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            String word;
            while ((word = words.readLine()) != null && !word.equals("end")) {
                System.out.println(answer(word, proxy, hoard));
            }
            release(hoard);
        }
    }

    /** Waits while descriptors are given back, so that whoever gets one for a client gets another for its upstream. */
    private static UpstreamSelector unlessChanging(List<SocketChannel> hoard) {
        return (candidates, flow) -> {
            synchronized (hoard) {
                return 0;
            }
        };
    }

    private static long answer(String word, ProxyServer proxy, List<SocketChannel> hoard) throws IOException {
        RouteMetrics tcp = proxy.route("tcp").metrics();
        RouteMetrics udp = proxy.route("udp").metrics();
        return switch (word) {
            case "release" -> release(hoard);
            case "sockets" -> OpenSockets.count();
            case "pauses" -> tcp.acceptPauses();
            case "ended" -> tcp.ended(CloseReason.LOCAL_RESOURCES);
            case "dropped" -> udp.drops(DropReason.LOCAL_RESOURCES);
            case "host" ->
                tcp.dialFailures(DialFailure.LOCAL_RESOURCES) + udp.dialFailures(DialFailure.LOCAL_RESOURCES);
            case "upstream" -> blamed(proxy, "tcp") + blamed(proxy, "udp");
            case "cpu" -> cpu();
            default -> hoard(hoard, Integer.parseInt(word.substring("leave ".length())));
        };
    }

    private static long blamed(ProxyServer proxy, String group) {
        long sum = 0;
        for (UpstreamMetrics upstream : proxy.upstreams(group).list()) {
            sum += Arrays.stream(DialFailure.values())
                    .mapToLong(upstream::dialFailures)
                    .sum();
        }
        return sum;
    }

    private static long cpu() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            boolean worker = thread != null && thread.getThreadName().contains("-worker-");
            sum += worker ? threads.getThreadCpuTime(thread.getThreadId()) : 0;
        }
        return sum;
    }

    private static long hoard(List<SocketChannel> hoard, int left) throws IOException {
        boolean more = true;
        while (more) {
            try {
                hoard.add(SocketChannel.open());
            } catch (IOException noneLeft) {
                more = false;
            }
        }
        for (int i = 0; i < left; i++) {
            hoard.remove(hoard.size() - 1).close();
        }
        return hoard.size();
    }

    private static long release(List<SocketChannel> hoard) throws IOException {
        synchronized (hoard) {
            for (SocketChannel each : hoard) {
                each.close();
            }
            hoard.clear();
        }
        return 0;
    }
}
