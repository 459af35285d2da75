package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An upstream that sends each datagram back, with its own name in front, and remembers who sent what. */
public final class UdpServer implements AutoCloseable {
    private final UdpPeer peer;
    private final byte[] name;
    /** Guarded by itself. */
    private final List<UdpPeer.Datagram> heard = new ArrayList<>();

    private UdpServer(UdpPeer peer, String name) {
        this.peer = peer;
        this.name = name.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends back just what it receives. */
    public static UdpServer echo(Family family) throws IOException {
        return named("", family.socketAddress(0));
    }

    public static UdpServer named(String name, InetSocketAddress address) throws IOException {
        UdpServer server = new UdpServer(UdpPeer.open(address).patient(), name);
        Thread thread =
                new Thread(server::serve, "udp-server-" + server.address().getPort());
        thread.setDaemon(true);
        thread.start();
        return server;
    }

    private void serve() {
        try {
            while (true) {
                answer(peer.receive());
            }
        } catch (IOException e) {
            if (!peer.isClosed()) {
                throw new AssertionError("an upstream failed", e);
            }
        }
    }

    private void answer(UdpPeer.Datagram request) throws IOException {
        synchronized (heard) {
            heard.add(request);
        }
        byte[] answer = new byte[name.length + request.payload().length];
        System.arraycopy(name, 0, answer, 0, name.length);
        System.arraycopy(request.payload(), 0, answer, name.length, request.payload().length);
        peer.send(request.from(), answer);
    }

    public InetSocketAddress address() {
        return peer.address();
    }

    /** As an upstream is written. */
    public String hostPort() {
        return peer.hostPort();
    }

    /** What it has received, in order. */
    public List<UdpPeer.Datagram> heard() {
        synchronized (heard) {
            return List.copyOf(heard);
        }
    }

    /** The texts that it has received, in order. */
    public List<String> texts() {
        return heard().stream().map(UdpPeer.Datagram::text).toList();
    }

    /** The addresses that sent something, in the order in which they first did. */
    public List<InetSocketAddress> clients() {
        return heard().stream().map(UdpPeer.Datagram::from).distinct().toList();
    }

    @Override
    public void close() {
        peer.close();
    }
}
