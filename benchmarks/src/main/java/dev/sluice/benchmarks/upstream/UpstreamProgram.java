package dev.sluice.benchmarks.upstream;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * The program of the upstream's process: one thread that serves everybody. It prints the port of each service, a line
 * {@code SERVICE PORT} each, answers each line it reads with the number of datagrams that its sink has received, and
 * ends with its input.
 */
public final class UpstreamProgram {
    private static final int BUFFER = 256 * 1024;
    private static final int BACKLOG = 4_096;
    private static final int DATAGRAM_BUFFER = 8 * 1024 * 1024;

    private final Selector selector = Selector.open();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private final DatagramService sink = new DatagramService(Service.DATAGRAM_SINK, buffer);

    private UpstreamProgram() throws IOException {}

    public static void main(String[] args) throws IOException {
        UpstreamProgram program = new UpstreamProgram();
        for (Service service : Service.values()) {
            System.out.println(service + " " + program.open(service));
        }
        Thread serving = new Thread(program::serve, "upstream");
        serving.setDaemon(true);
        serving.start();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        while (questions.readLine() != null) {
            System.out.println(program.sink.received());
        }
    }

    private int open(Service service) throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        switch (service) {
            case DATAGRAM_ECHO, DATAGRAM_SINK -> {
                DatagramChannel channel = DatagramChannel.open();
                channel.configureBlocking(false);
                channel.setOption(StandardSocketOptions.SO_RCVBUF, DATAGRAM_BUFFER);
                channel.bind(any);
                Handler handler = service == Service.DATAGRAM_SINK ? sink : new DatagramService(service, buffer);
                channel.register(selector, SelectionKey.OP_READ, handler);
                return channel.socket().getLocalPort();
            }
            default -> {
                ServerSocketChannel listener = ServerSocketChannel.open();
                listener.configureBlocking(false);
                listener.bind(any, BACKLOG);
                listener.register(selector, SelectionKey.OP_ACCEPT, new StreamService(service, buffer));
                return listener.socket().getLocalPort();
            }
        }
    }

    private void serve() {
        try {
            while (true) {
                selector.select(key -> {
                    try {
                        ((Handler) key.attachment()).onReady(key);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
            }
        } catch (IOException | RuntimeException e) {
            e.printStackTrace();
            // Whoever goes on without an upstream would blame the relays.
            System.exit(1);
        }
    }
}
