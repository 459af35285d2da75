package dev.sluice.benchmarks.micro;

import dev.sluice.Route;
import dev.sluice.UdpRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.udp.SharedPort;
import dev.sluice.nio.udp.UdpListener;
import dev.sluice.nio.udp.UdpSettings;
import dev.sluice.nio.upstream.Group;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients on loopback, each with a session of the engine and an upstream of its own. Both ends of each are connected,
 * so that only the engine ever receives from several senders, for which the JDK makes an address each time.
 */
final class RelayedDatagrams implements AutoCloseable {
    private static final int BYTES = 64;
    private static final int RECEIVE_BUFFER = 1 << 16;

    private final TurnedWorker worker = new TurnedWorker();
    private final List<DatagramChannel> upstreams = new ArrayList<>();
    private final List<DatagramChannel> clients = new ArrayList<>();
    private final ByteBuffer sent = ByteBuffer.allocateDirect(BYTES);
    private final ByteBuffer received = ByteBuffer.allocateDirect(BYTES);
    private final UdpListener listener;

    RelayedDatagrams(int pairs) throws IOException {
        List<Upstream> addresses = new ArrayList<>();
        for (int i = 0; i < pairs; i++) {
            DatagramChannel upstream = open(TurnedWorker.anyPort());
            upstreams.add(upstream);
            addresses.add(Upstream.of("127.0.0.1:" + upstream.socket().getLocalPort()));
        }
        listener = listener(Upstreams.of(addresses));
        listener.open();
        for (int i = 0; i < pairs; i++) {
            clients.add(connected(upstreams.get(i)));
        }
    }

    private UdpListener listener(Upstreams all) throws IOException {
        UdpRoute route = Route.udp("measured")
                .listen("127.0.0.1", 0)
                .idleTimeout(Duration.ofDays(1))
                .receiveBuffer(RECEIVE_BUFFER)
                .to(all);
        return new SharedPort()
                .listener(
                        worker.sockets().listenDatagram(TurnedWorker.anyPort(), RECEIVE_BUFFER),
                        worker.lane(),
                        UdpSettings.of(route, new Group(all, 1, change -> {}), worker.names(), null));
    }

    private static DatagramChannel open(InetSocketAddress address) throws IOException {
        DatagramChannel channel = DatagramChannel.open();
        channel.bind(address).configureBlocking(false);
        return channel;
    }

    /** Round robin sends the session of the next client to the next upstream, which learns from where. */
    private DatagramChannel connected(DatagramChannel upstream) throws IOException {
        DatagramChannel client = open(TurnedWorker.anyPort());
        client.connect(listener.address());
        client.write(sent.clear());
        SocketAddress session = upstream.receive(received.clear());
        while (session == null) {
            worker.turn();
            session = upstream.receive(received.clear());
        }
        upstream.connect(session);
        return client;
    }

    /** A datagram of one client, and its answer. */
    void exchange(int pair) throws IOException {
        pass(clients.get(pair), upstreams.get(pair));
        pass(upstreams.get(pair), clients.get(pair));
    }

    private void pass(DatagramChannel from, DatagramChannel to) throws IOException {
        from.write(sent.clear());
        received.clear();
        while (received.hasRemaining()) {
            worker.turn();
            to.read(received);
        }
    }

    @Override
    public void close() throws IOException {
        for (DatagramChannel client : clients) {
            client.close();
        }
        for (DatagramChannel upstream : upstreams) {
            upstream.close();
        }
        worker.close(listener);
    }
}
