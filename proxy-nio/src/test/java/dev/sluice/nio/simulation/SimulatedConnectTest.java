package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How connecting and accepting fail on a simulated network. */
final class SimulatedConnectTest {

    private static final InetSocketAddress UPSTREAM = new InetSocketAddress("10.0.0.1", 80);
    private static final InetSocketAddress PROXY = new InetSocketAddress("127.0.0.1", 8080);

    private final SimulatedNetwork network;

    SimulatedConnectTest() throws IOException {
        network = new SimulatedNetwork(7);
    }

    private SocketChannel socket() throws IOException {
        SocketChannel channel = network.openSocketChannel(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        return channel;
    }

    private ServerSocketChannel listening(int backlog) throws IOException {
        ServerSocketChannel listener = network.openServerSocketChannel(StandardProtocolFamily.INET);
        listener.configureBlocking(false);
        return listener.bind(PROXY, backlog);
    }

    /** A connected channel; the other end waits to be accepted. */
    private SocketChannel connected(PeerListener upstream) throws IOException {
        SocketChannel channel = socket();
        channel.connect(upstream.address());
        network.settle();
        assertThat(channel.finishConnect()).isTrue();
        return channel;
    }

    // Connecting.

    @Test
    void aConnectIsPendingUntilTheWireMovesUnlessItIsOverAtOnce() throws IOException {
        network.listen(UPSTREAM);
        SocketChannel pending = socket();
        assertThat(pending.connect(UPSTREAM)).isFalse();
        assertThat(pending.finishConnect()).isFalse();
        network.step();
        assertThat(pending.finishConnect()).isTrue();

        network.faults(Faults.none().with(Fault.CONNECT_AT_ONCE, 1));
        assertThat(socket().connect(UPSTREAM)).isTrue();

        network.faults(Faults.none().with(Fault.CONNECT_AT_ONCE, 1).with(Fault.CONNECT_CALLED_PENDING, 1));
        SocketChannel calledPending = socket();
        assertThat(calledPending.connect(UPSTREAM)).isFalse();
        assertThat(calledPending.finishConnect()).isTrue();
    }

    @Test
    void aFailedConnectShowsInFinishConnectOrAtOnce() throws IOException {
        SocketChannel later = socket();
        assertThat(later.connect(UPSTREAM)).isFalse();
        SelectionKey key = later.register(network.openSelector(), SelectionKey.OP_CONNECT);
        network.settle();
        assertThat(key.selector().selectNow(k -> {})).isEqualTo(1);
        assertThatThrownBy(later::finishConnect).isInstanceOf(ConnectException.class);

        network.faults(Faults.none().with(Fault.CONNECT_AT_ONCE, 1));
        SocketChannel atOnce = socket();
        assertThatThrownBy(() -> atOnce.connect(UPSTREAM)).isInstanceOf(ConnectException.class);
        assertThat(atOnce.isOpen()).isFalse();
    }

    @Test
    void anAddressMayRefuseOrHaveNoRouteOrNeverAnswer() throws IOException {
        network.listen(UPSTREAM);
        network.reach(UPSTREAM, Reach.REFUSED);
        assertThat(dialError()).isInstanceOf(ConnectException.class);
        network.reach(UPSTREAM, Reach.UNREACHABLE);
        assertThat(dialError()).isInstanceOf(NoRouteToHostException.class);
        network.reach(UPSTREAM, Reach.SILENT);
        SocketChannel silent = socket();
        silent.connect(UPSTREAM);
        network.settle();
        assertThat(silent.finishConnect()).isFalse();

        network.reach(UPSTREAM, Reach.OPEN);
        network.settle();
        assertThat(silent.finishConnect()).isTrue();
    }

    @Test
    void chanceMayRefuseAConnectOrFindNoRouteOrSwallowIt() throws IOException {
        network.listen(UPSTREAM);
        network.faults(Faults.none().with(Fault.CONNECT_REFUSED, 1));
        assertThat(dialError()).isInstanceOf(ConnectException.class);
        network.faults(Faults.none().with(Fault.CONNECT_UNREACHABLE, 1));
        assertThat(dialError()).isInstanceOf(NoRouteToHostException.class);
        network.faults(Faults.none().with(Fault.CONNECT_SILENT, 1));
        SocketChannel silent = socket();
        silent.connect(UPSTREAM);
        network.faults(Faults.none());
        network.settle();

        assertThat(silent.finishConnect()).isFalse();
        silent.close();
        assertThat(network.count(Fault.CONNECT_REFUSED)).isEqualTo(1);
        assertThat(network.openDescriptors()).isZero();
    }

    private Throwable dialError() throws IOException {
        SocketChannel channel = socket();
        channel.connect(UPSTREAM);
        network.settle();
        try {
            channel.finishConnect();
        } catch (IOException e) {
            return e;
        }
        throw new AssertionError("connected");
    }

    @Test
    void aDialToALonelyLoopbackPortMayMeetItself() throws IOException {
        network.faults(Faults.none().with(Fault.CONNECT_TO_ITSELF, 1));
        SocketChannel channel = socket();
        channel.connect(PROXY);
        network.settle();

        assertThat(channel.finishConnect()).isTrue();
        assertThat(channel.getLocalAddress()).isEqualTo(PROXY).isEqualTo(channel.getRemoteAddress());
    }

    @Test
    void whenNoPortIsFreeAConnectFailsHereAndNotThere() throws IOException {
        PeerListener upstream = network.listen(UPSTREAM);
        network.ports(40_000, 40_000);
        SocketChannel only = connected(upstream);

        assertThatThrownBy(() -> socket().connect(UPSTREAM))
                .isInstanceOf(BindException.class)
                .hasMessage("Cannot assign requested address");
        only.close();
        assertThat(connected(upstream).isConnected()).isTrue();
        network.faults(Faults.none().with(Fault.NO_PORT, 1));
        network.ports(40_000, 50_000);
        assertThatThrownBy(() -> socket().connect(UPSTREAM)).isInstanceOf(BindException.class);
    }

    // Accepting.

    @Test
    void aFullBacklogLeavesAConnectPending() throws IOException {
        ServerSocketChannel listener = listening(1);
        Peer first = network.connect(PROXY);
        Peer second = network.connect(PROXY);
        network.settle();
        assertThat(List.of(first.isConnected(), second.isConnected())).containsExactlyInAnyOrder(true, false);

        listener.accept();
        network.settle();

        assertThat(first.isConnected() && second.isConnected()).isTrue();
    }

    @Test
    void withoutDescriptorsOpeningAndAcceptingFailEachInItsWay() throws IOException {
        ServerSocketChannel listener = listening(10);
        SelectionKey key = listener.register(network.openSelector(), SelectionKey.OP_ACCEPT);
        Peer client = network.connect(PROXY);
        network.settle();
        network.descriptorLimit(1);

        assertThatIOException()
                .isThrownBy(listener::accept)
                .isExactlyInstanceOf(IOException.class)
                .withMessage("Too many open files");
        assertThatThrownBy(network::openSocketChannel)
                .isInstanceOf(SocketException.class)
                .hasMessage("Too many open files");
        assertThatThrownBy(network::openServerSocketChannel).isInstanceOf(SocketException.class);
        assertThatThrownBy(network::openDatagramChannel).isInstanceOf(SocketException.class);

        network.descriptorLimit(2);
        assertThat(key.selector().selectNow(k -> {})).as("still waiting").isEqualTo(1);
        assertThat(listener.accept()).isNotNull();
        assertThat(client.isConnected()).isTrue();
    }

    @Test
    void anAcceptMayFindNobodyOrNoDescriptor() throws IOException {
        ServerSocketChannel listener = listening(10);
        network.connect(PROXY);
        network.settle();

        network.faults(Faults.none().with(Fault.ACCEPT_BLOCKED, 1));
        assertThat(listener.accept()).isNull();
        network.faults(Faults.none().with(Fault.NO_DESCRIPTOR, 1));
        assertThatIOException().isThrownBy(listener::accept);
        network.faults(Faults.none());
        assertThat(listener.accept()).isNotNull();
    }

    @Test
    void listenersThatShareAPortShareItsClients() throws IOException {
        List<ServerSocketChannel> listeners = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            ServerSocketChannel listener = network.openServerSocketChannel(StandardProtocolFamily.INET);
            listener.configureBlocking(false);
            listener.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            listeners.add(listener.bind(PROXY));
        }
        for (int i = 0; i < 40; i++) {
            network.connect(PROXY);
        }
        network.settle();

        for (ServerSocketChannel listener : listeners) {
            assertThat(accepted(listener)).isBetween(5, 35);
        }
    }

    private static int accepted(ServerSocketChannel listener) throws IOException {
        int count = 0;
        while (listener.accept() != null) {
            count++;
        }
        return count;
    }

    @Test
    void whatIsSetOnAListenerIsInherited() throws IOException {
        ServerSocketChannel listener = listening(10);
        listener.setOption(StandardSocketOptions.SO_RCVBUF, 5_000);
        network.connect(PROXY);
        network.settle();

        assertThat(listener.accept().getOption(StandardSocketOptions.SO_RCVBUF)).isEqualTo(5_000);
    }
}
