package dev.sluice.nio.testkit;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.ServerMetrics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.management.JMException;

/** A proxy in a process of its own, with nothing else on its heap, that tells what is on it. */
public final class MeasuredProxy implements AutoCloseable {
    private static final String END = "end";

    private final ChildJvm process;
    private final int tcpPort;
    private final int udpPort;

    private MeasuredProxy(ChildJvm process) throws IOException {
        this.process = process;
        this.tcpPort = Integer.parseInt(process.readLine());
        this.udpPort = Integer.parseInt(process.readLine());
    }

    /** Starts a proxy with a TCP and a UDP route to these ports on loopback. */
    public static MeasuredProxy start(int workers, int tcpUpstream, int udpUpstream) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx256m"));
        arguments.addAll(ChildJvm.testClass(
                "off",
                MeasuredProxy.class,
                String.valueOf(workers),
                String.valueOf(tcpUpstream),
                String.valueOf(udpUpstream)));
        return new MeasuredProxy(ChildJvm.start(arguments));
    }

    public InetSocketAddress tcp() {
        return Family.IPV4.socketAddress(tcpPort);
    }

    public InetSocketAddress udp() {
        return Family.IPV4.socketAddress(udpPort);
    }

    public Histogram histogram() throws IOException {
        return Histogram.parse(ask("histogram"));
    }

    public long activeFlows() throws IOException {
        return Long.parseLong(ask("active").get(0));
    }

    public long bufferBytesHeld() throws IOException {
        return Long.parseLong(ask("held").get(0));
    }

    private List<String> ask(String question) throws IOException {
        process.tell(question);
        List<String> answer = new ArrayList<>();
        String line;
        while (!(line = process.readLine()).equals(END)) {
            answer.add(line);
        }
        return answer;
    }

    @Override
    public void close() {
        process.close();
    }

    /** The process: starts the proxy, says its ports and answers questions until nobody is there to ask them. */
    public static void main(String[] args) throws IOException, JMException {
        try (ProxyServer proxy = ProxyServer.builder()
                .workers(Integer.parseInt(args[0]))
                .start(
                        Route.tcp("tcp").listen("127.0.0.1", 0).to("127.0.0.1:" + args[1]),
                        Route.udp("udp")
                                .listen("127.0.0.1", 0)
                                .idleTimeout(Duration.ofMinutes(10))
                                .to("127.0.0.1:" + args[2]))) {
            System.out.println(proxy.route("tcp").port());
            System.out.println(proxy.route("udp").port());
            BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
            String question;
            while ((question = questions.readLine()) != null) {
                System.out.println(answer(question, proxy.metrics()));
                System.out.println(END);
            }
        }
    }

    private static Object answer(String question, ServerMetrics metrics) throws JMException {
        return switch (question) {
            case "active" -> metrics.active();
            case "held" -> metrics.bufferBytesHeld();
            default -> Histogram.ofThisHeap();
        };
    }
}
