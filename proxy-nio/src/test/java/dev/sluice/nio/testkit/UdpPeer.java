package dev.sluice.nio.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** A socket that sends and receives datagrams, client or upstream, moved step by step by a test. */
public final class UdpPeer implements AutoCloseable {
    /** The longest payload over IPv4. */
    public static final int LONGEST = 65_507;

    private final DatagramSocket socket;

    private UdpPeer(DatagramSocket socket) {
        this.socket = socket;
    }

    /** What was received, and who sent it. */
    public record Datagram(byte[] payload, InetSocketAddress from) {
        public String text() {
            return new String(payload, UTF_8);
        }
    }

    /** A peer on a port that the kernel picks. */
    public static UdpPeer open(Family family) throws IOException {
        return open(family.socketAddress(0));
    }

    public static UdpPeer open(InetSocketAddress address) throws IOException {
        DatagramSocket socket = new DatagramSocket(address);
        socket.setSoTimeout((int) Await.LONGEST.toMillis());
        return new UdpPeer(socket);
    }

    /** Has it wait for the next datagram until it is closed. */
    UdpPeer patient() throws IOException {
        socket.setSoTimeout(0);
        return this;
    }

    public InetSocketAddress address() {
        return (InetSocketAddress) socket.getLocalSocketAddress();
    }

    /** As an upstream is written. */
    public String hostPort() {
        InetAddress address = address().getAddress();
        String host = address.getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + address().getPort();
    }

    public UdpPeer send(InetSocketAddress to, String text) throws IOException {
        return send(to, text.getBytes(UTF_8));
    }

    public UdpPeer send(InetSocketAddress to, byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length, to));
        return this;
    }

    /** The next datagram, whoever sent it. */
    public Datagram receive() throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
        socket.receive(packet);
        byte[] payload = Arrays.copyOf(packet.getData(), packet.getLength());
        return new Datagram(payload, (InetSocketAddress) packet.getSocketAddress());
    }

    /** The next datagram has this text. */
    public Datagram expect(String text) throws IOException {
        Datagram datagram = receive();
        assertThat(datagram.text()).isEqualTo(text);
        return datagram;
    }

    /** The next datagram has this text and comes from this address. */
    public UdpPeer expect(String text, InetSocketAddress from) throws IOException {
        assertThat(expect(text).from()).as("sender of \"%s\"", text).isEqualTo(from);
        return this;
    }

    /** Sends a text and awaits it back, as from a server that echoes. */
    public UdpPeer exchange(InetSocketAddress with, String text) throws IOException {
        return send(with, text).expect(text, with);
    }

    public boolean isClosed() {
        return socket.isClosed();
    }

    @Override
    public void close() {
        socket.close();
    }
}
