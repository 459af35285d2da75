package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.Knock;
import dev.sluice.nio.testkit.StarvingProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.TcpServer;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that has no descriptors left: it pauses, blames no upstream, and goes on when there are some again. */
class ExhaustedHostTest {
    @TempDir
    private static Path archives;

    @RegisterExtension
    final Testbed bed = new Testbed();

    private TcpServer server;
    private UdpServer dns;

    @BeforeEach
    void upstreams() throws Exception {
        server = bed.server(TcpServer::echo);
        dns = bed.own(UdpServer.echo(Family.IPV4));
    }

    /** A proxy that has relayed something on each route, so that all it needs is loaded, and has closed what it can. */
    private StarvingProxy started(int workers) throws Exception {
        StarvingProxy proxy = bed.own(StarvingProxy.start(
                archives, workers, server.address().getPort(), dns.address().getPort()));
        long listening = proxy.sockets();
        try (TcpPeer client = TcpPeer.connect(proxy.tcp());
                UdpPeer asker = UdpPeer.open(Family.IPV4)) {
            client.send("hello").expect("hello").endStream().expectEnd();
            asker.exchange(proxy.udp(), "hello");
        }
        Await.until("only the session has a socket left", () -> proxy.sockets() == listening + 1);
        assertThat(proxy.cpuNanos()).isPositive();
        return proxy;
    }

    private TcpPeer connect(StarvingProxy proxy) throws Exception {
        return bed.own(TcpPeer.connect(proxy.tcp()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void acceptingPausesAndResumesWhileEstablishedConnectionsGoOn(int workers) throws Exception {
        StarvingProxy proxy = started(workers);
        TcpPeer established = connect(proxy).send("before").expect("before");

        proxy.leave(0);
        List<TcpPeer> waiting = List.of(
                connect(proxy).send("one"),
                connect(proxy).send("two"),
                connect(proxy).send("three"));
        for (int pauses = 1; pauses <= 3; pauses++) {
            long least = pauses;
            Await.until("accepting has paused once more", () -> proxy.acceptPauses() >= least);
            established.send("meanwhile").expect("meanwhile");
        }
        proxy.release();

        waiting.get(0).expect("one");
        waiting.get(1).expect("two");
        waiting.get(2).expect("three");
        assertThat(proxy.ended()).isZero();
        assertThat(proxy.upstreamBlamed()).isZero();
    }

    /** Once a minute, that is, and each pause is a tenth of a second. */
    @Test
    void itIsLoggedOnce() throws Exception {
        StarvingProxy proxy = started(1);
        proxy.leave(0);
        connect(proxy);
        Await.until("accepting has paused again and again", () -> proxy.acceptPauses() >= 4);

        assertThat(proxy.awaitLog()).singleElement().asString().contains("\"tcp\"", "pauses", "open-file limit");
    }

    @Test
    void theProcessorStaysIdleMeanwhile() throws Exception {
        StarvingProxy proxy = started(1);
        proxy.leave(0);
        connect(proxy);
        Await.until("accepting has paused", () -> proxy.acceptPauses() >= 1);

        long before = proxy.cpuNanos();
        long begun = System.nanoTime();
        Await.until("accepting has paused again and again", () -> proxy.acceptPauses() >= 5);

        assertThat(proxy.cpuNanos() - before).isLessThan((System.nanoTime() - begun) / 10);
    }

    /** One descriptor is enough for a client, and then none is left for its upstream. */
    @Test
    void aDialWithoutADescriptorEndsTheConnectionAndIsNotTheUpstreamsFailure() throws Exception {
        StarvingProxy proxy = started(1);

        proxy.leave(1);
        Knock.at(proxy.tcp()).expectReset().close();
        Knock.at(proxy.tcp()).expectReset().close();
        Await.until("both are counted", () -> proxy.ended() == 2);
        proxy.release();

        assertThat(proxy.hostBlamed()).isEqualTo(2);
        assertThat(proxy.upstreamBlamed()).isZero();
        assertThat(proxy.acceptPauses()).isEqualTo(2);
        connect(proxy).send("after").expect("after");
    }

    @Test
    void aDatagramWithoutADescriptorIsDroppedAndCountedAndNotTheUpstreamsFailure() throws Exception {
        StarvingProxy proxy = started(1);
        UdpPeer client = bed.own(UdpPeer.open(Family.IPV4));

        proxy.leave(0);
        client.send(proxy.udp(), "one").send(proxy.udp(), "two");
        Await.until("both are dropped", () -> proxy.dropped() == 2);
        proxy.release();

        assertThat(proxy.hostBlamed()).isEqualTo(2);
        assertThat(proxy.upstreamBlamed()).isZero();
        client.exchange(proxy.udp(), "after");
    }
}
