package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A program of many clients, one after the other on a few threads. Each asks a server that says whom it sees, and one
 * that echoes, which is the same over TCP: the first must see the client's address, and its port where that is kept;
 * from the other what was sent must come back.
 */
public final class EchoClients {
    private static final int THREADS = 8;
    private static final int MOST_BYTES = 100_000;
    private static final int DATAGRAM = 500;

    private final InetSocketAddress server;
    private final boolean keepsPort;

    private EchoClients(InetSocketAddress server, boolean keepsPort) {
        this.server = server;
        this.keepsPort = keepsPort;
    }

    /** Arguments: TCP or UDP, host, port, how many clients, whether their ports are kept. */
    public static void main(String[] arguments) throws Exception {
        EchoClients clients = new EchoClients(
                new InetSocketAddress(InetAddress.getByName(arguments[1]), Integer.parseInt(arguments[2])),
                Boolean.parseBoolean(arguments[4]));
        boolean isTcp = arguments[0].equals("TCP");
        int count = Integer.parseInt(arguments[3]);
        AtomicInteger served = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        for (int i = 0; i < count; i++) {
            long seed = i;
            threads.submit(() -> {
                try {
                    if (isTcp) {
                        clients.connect(seed);
                    } else {
                        clients.send(seed);
                    }
                    served.incrementAndGet();
                } catch (IOException | RuntimeException | AssertionError e) {
                    System.out.println("client " + seed + ": " + e);
                }
            });
        }
        threads.shutdown();
        threads.awaitTermination(5, TimeUnit.MINUTES);
        System.out.println("served " + served);
    }

    private void connect(long seed) throws IOException {
        try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
            socket.setSoTimeout((int) Await.LONGEST.toMillis());
            byte[] payload = payload(seed, MOST_BYTES);
            Thread sender = new Thread(() -> {
                try {
                    socket.getOutputStream().write(payload);
                    socket.shutdownOutput();
                } catch (IOException e) {
                    System.out.println("client " + seed + " cannot send: " + e);
                }
            });
            sender.start();
            byte[] answer = socket.getInputStream().readAllBytes();
            int end = Math.max(0, lineEnd(answer));
            checkSeen(new String(answer, 0, end, StandardCharsets.US_ASCII), socket.getLocalSocketAddress());
            checkEchoed(Arrays.copyOfRange(answer, end + 1, answer.length), payload);
        }
    }

    private void send(long seed) throws IOException {
        try (DatagramSocket asker = connected(server.getPort());
                DatagramSocket echoed = connected(server.getPort() + RoutedNetwork.UDP_ECHO)) {
            checkSeen(
                    new String(exchange(asker, new byte[1]), StandardCharsets.US_ASCII).strip(),
                    asker.getLocalSocketAddress());
            byte[] payload = payload(seed, DATAGRAM);
            checkEchoed(exchange(echoed, payload), payload);
        }
    }

    private DatagramSocket connected(int port) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.setSoTimeout((int) Await.LONGEST.toMillis());
        socket.connect(new InetSocketAddress(server.getAddress(), port));
        return socket;
    }

    private static byte[] exchange(DatagramSocket socket, byte[] payload) throws IOException {
        socket.send(new DatagramPacket(payload, payload.length));
        DatagramPacket answer = new DatagramPacket(new byte[2 * DATAGRAM], 2 * DATAGRAM);
        socket.receive(answer);
        return Arrays.copyOf(answer.getData(), answer.getLength());
    }

    private static byte[] payload(long seed, int most) {
        Random random = new Random(seed);
        byte[] payload = new byte[1 + random.nextInt(most)];
        random.nextBytes(payload);
        return payload;
    }

    private static int lineEnd(byte[] answer) {
        for (int i = 0; i < answer.length; i++) {
            if (answer[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void checkSeen(String seen, SocketAddress own) throws IOException {
        String[] words = seen.split(" ");
        InetSocketAddress local = (InetSocketAddress) own;
        if (words.length != 2 || !InetAddress.getByName(words[0]).equals(local.getAddress())) {
            throw new AssertionError("the upstream sees \"" + seen + "\", not " + local);
        }
        // Where it is not kept it may be the same by chance.
        if (keepsPort && Integer.parseInt(words[1]) != local.getPort()) {
            throw new AssertionError("the upstream sees port " + words[1] + " of " + local);
        }
    }

    private static void checkEchoed(byte[] answer, byte[] payload) {
        if (!Arrays.equals(answer, payload)) {
            throw new AssertionError("what came back is not what was sent");
        }
    }
}
