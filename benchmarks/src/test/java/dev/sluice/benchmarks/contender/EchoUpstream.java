package dev.sluice.benchmarks.contender;

import dev.sluice.Transport;
import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it is sent, to one client at a time. */
final class EchoUpstream implements AutoCloseable {
    private static final int MOST_BYTES = 2_048;

    private final Closeable socket;
    private final InetSocketAddress address;

    private EchoUpstream(Closeable socket, int port, Runnable echo) {
        this.socket = socket;
        address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        Thread thread = new Thread(echo, "echo");
        thread.setDaemon(true);
        thread.start();
    }

    static EchoUpstream open(Transport transport) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (transport == Transport.UDP) {
            DatagramSocket socket = new DatagramSocket(free);
            return new EchoUpstream(socket, socket.getLocalPort(), () -> echo(socket));
        }
        ServerSocket socket = new ServerSocket();
        socket.bind(free);
        return new EchoUpstream(socket, socket.getLocalPort(), () -> echo(socket));
    }

    InetSocketAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private static void echo(ServerSocket listening) {
        while (!listening.isClosed()) {
            try (Socket client = listening.accept()) {
                client.getInputStream().transferTo(client.getOutputStream());
            } catch (IOException gone) {
                // The client, or all of it at the end of the test.
            }
        }
    }

    private static void echo(DatagramSocket socket) {
        DatagramPacket datagram = new DatagramPacket(new byte[MOST_BYTES], MOST_BYTES);
        while (!socket.isClosed()) {
            try {
                datagram.setLength(MOST_BYTES);
                socket.receive(datagram);
                socket.send(datagram);
            } catch (IOException gone) {
                // The end of the test.
            }
        }
    }
}
