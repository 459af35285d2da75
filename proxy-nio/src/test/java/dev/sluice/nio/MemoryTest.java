package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Histogram;
import dev.sluice.nio.testkit.MeasuredProxy;
import dev.sluice.nio.testkit.UdpPeer;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What an idle flow costs: all that the proxy's process retains for it, the JDK's own objects included. Clients and
 * upstreams are in this process, the proxy in another.
 */
class MemoryTest {
    private static final int FLOWS = 2_000;
    /** So that what is made once, for all flows, is there before the first measurement. */
    private static final int WARM_UP = 200;

    private static final long MOST_FOR_A_CONNECTION = 1_638;
    private static final long MOST_FOR_A_SESSION = 1_433;

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private ServerSocket server;
    private UdpPeer upstream;
    private MeasuredProxy proxy;

    @BeforeEach
    void upstreams() throws IOException {
        server = new ServerSocket(0, WARM_UP, Family.IPV4.address());
        upstream = UdpPeer.open(Family.IPV4);
    }

    @AfterEach
    void close() throws Exception {
        closeFlows();
        proxy.close();
        upstream.close();
        server.close();
    }

    private void closeFlows() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }

    private <T extends AutoCloseable> T open(T resource) {
        opened.push(resource);
        return resource;
    }

    private interface Flow {
        void open() throws IOException;
    }

    /** A connection that has worked once each way, and is idle then. */
    private void connection() throws IOException {
        Socket client = open(new Socket(Family.IPV4.address(), proxy.tcp().getPort()));
        Socket accepted = open(server.accept());
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        accepted.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    /** A session with a question and an answer. */
    private void session() throws IOException {
        UdpPeer client = open(UdpPeer.open(Family.IPV4));
        client.send(proxy.udp(), "question");
        upstream.send(upstream.expect("question").from(), "answer");
        client.expect("answer", proxy.udp());
    }

    private void open(int count, Flow flow) throws IOException {
        for (int i = 0; i < count; i++) {
            flow.open();
        }
    }

    private boolean isActive(long flows) {
        try {
            return proxy.activeFlows() == flows;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What is retained more, once so many flows are open, than with those of the warm-up only. */
    private Histogram grown(int before, Flow flow) throws IOException {
        Histogram earlier = proxy.histogram();
        open(FLOWS, flow);
        Await.until("all are open", () -> isActive(before + FLOWS));
        return proxy.histogram().since(earlier);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anIdleConnectionHoldsNoBufferAndLittleHeap(int workers, TestReporter reporter) throws Exception {
        proxy = MeasuredProxy.start(
                workers, server.getLocalPort(), upstream.address().getPort());
        open(WARM_UP, this::connection);
        closeFlows();
        Await.until("the warm-up is over", () -> isActive(0));

        Histogram grown = grown(0, this::connection);

        long each = grown.total() / FLOWS;
        reporter.publishEntry("bytes of heap for a connection", String.valueOf(each));
        assertThat(proxy.bufferBytesHeld()).isZero();
        assertThat(each).as(grown.perFlow(FLOWS)).isBetween(1L, MOST_FOR_A_CONNECTION);
    }

    /** The sessions of the warm-up stay: their clients going away does not end them. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void anIdleSessionHoldsNoBufferAndLittleHeap(int workers, TestReporter reporter) throws Exception {
        proxy = MeasuredProxy.start(
                workers, server.getLocalPort(), upstream.address().getPort());
        open(WARM_UP, this::session);

        Histogram grown = grown(WARM_UP, this::session);

        long each = grown.total() / FLOWS;
        reporter.publishEntry("bytes of heap for a session", String.valueOf(each));
        assertThat(proxy.bufferBytesHeld()).isZero();
        assertThat(each).as(grown.perFlow(FLOWS)).isBetween(1L, MOST_FOR_A_SESSION);
    }
}
