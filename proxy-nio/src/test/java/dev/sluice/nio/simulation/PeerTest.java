package dev.sluice.nio.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** The actors of a simulation, among themselves. */
final class PeerTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("10.0.0.1", 80);

    private final SimulatedNetwork network;
    private final PeerListener listener;

    PeerTest() throws IOException {
        network = new SimulatedNetwork(7);
        listener = network.listen(ADDRESS);
    }

    private Peer connect() {
        Peer client = network.connect(ADDRESS);
        network.settle();
        return client;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    @Test
    void aPeerWritesOnceItIsConnectedAndReadsUpToTheEnd() {
        Peer client = network.connect(ADDRESS);
        assertThat(client.write(bytes("too early"))).isZero();
        network.settle();
        assertThat(client.isConnected()).isTrue();
        Peer server = listener.accept();

        assertThat(client.write(bytes("hello"))).isEqualTo(5);
        client.shutdownOutput();
        assertThat(client.write(bytes("after the end"))).isZero();
        network.settle();

        assertThat(server.sawEnd()).as("nothing read yet").isFalse();
        assertThat(server.read(4)).isEqualTo(bytes("hell"));
        assertThat(server.sawEnd()).as("one byte left").isFalse();
        assertThat(server.readAll()).isEqualTo(bytes("o"));
        assertThat(server.sawEnd()).isTrue();
        assertThat(server.received()).isEqualTo(5).isEqualTo(client.sent());
        assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
        assertThat(client.remoteAddress()).isEqualTo(server.localAddress()).isEqualTo(ADDRESS);
    }

    @Test
    void aPeerThatClosesWithUnreadBytesResets() {
        Peer client = connect();
        Peer server = listener.accept();
        client.write(bytes("unread"));
        network.settle();

        server.close();
        network.settle();

        assertThat(server.isClosed()).isTrue();
        assertThat(client.sawReset()).isTrue();
        assertThat(client.sawEnd()).isFalse();
        assertThat(client.write(bytes("x"))).isZero();
    }

    @Test
    void aResetOvertakesWhatHasNotLeftAndLeavesTheRestReadable() {
        Peer client = connect();
        Peer server = listener.accept();
        client.write(bytes("arrived"));
        network.settle();
        client.write(bytes(" not any more"));

        client.reset();
        network.settle();

        assertThat(client.unsent()).isZero();
        assertThat(server.sawReset()).isTrue();
        assertThat(server.readAll()).isEqualTo(bytes("arrived"));
        assertThat(server.sawEnd()).isFalse();
    }

    @Test
    void whenBothDirectionsHaveEndedUnreadBytesResetNothing() {
        Peer client = connect();
        Peer server = listener.accept();
        client.write(bytes("never read"));
        client.shutdownOutput();
        server.shutdownOutput();
        network.settle();

        server.close();
        network.settle();

        assertThat(client.sawReset()).isFalse();
        client.close();
        assertThat(network.livingSockets()).isZero();
    }

    @Test
    void anEndThatIsTheLastThingUnderWayArrivesAfterAnAbruptCloseToo() {
        Peer client = connect();
        Peer server = listener.accept();
        client.shutdownOutput();
        network.settle();

        server.shutdownOutput();
        server.reset();
        network.settle();
        client.readAll();

        assertThat(client.sawEnd()).isTrue();
        assertThat(client.sawReset()).isFalse();
    }

    @Test
    void aCloseOnBothSidesLeavesNothing() {
        Peer client = connect();
        Peer server = listener.accept();
        client.close();
        server.close();
        network.settle();

        assertThat(client.sawReset() || server.sawReset()).isFalse();
        assertThat(network.livingSockets()).isZero();
    }

    @Test
    void whereNobodyListensAnyLongerAPeerIsRefused() {
        Peer waiting = connect();
        assertThat(listener.waiting()).isEqualTo(1);
        listener.close();

        Peer late = connect();

        assertThat(waiting.sawReset()).isTrue();
        assertThat(late.isRefused()).isTrue();
        assertThat(late.isConnected()).isFalse();
        waiting.close();
        late.close();
        assertThat(network.livingSockets()).isZero();
    }

    @Test
    void everyClientHasAnAddressOfItsOwn() {
        assertThat(connect().localAddress()).isNotEqualTo(connect().localAddress());
        InetSocketAddress from = new InetSocketAddress("192.0.2.200", 4_000);
        assertThat(network.connect(from, ADDRESS).localAddress()).isEqualTo(from);
    }
}
