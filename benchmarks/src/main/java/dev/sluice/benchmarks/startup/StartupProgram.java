package dev.sluice.benchmarks.startup;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * The program of a process that starts relays: the library's and the one written by hand, in turn. Its arguments are
 * the upstream's port, how many of each to start before and how many to measure; it prints two numbers a line, the
 * nanoseconds of the library and of the other.
 */
public final class StartupProgram {
    private StartupProgram() {}

    public static void main(String[] args) throws IOException {
        InetSocketAddress upstream = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        int before = Integer.parseInt(args[1]);
        int measured = Integer.parseInt(args[2]);
        for (int i = 0; i < before + measured; i++) {
            long library = startLibrary(upstream);
            long byHand = startByHand(upstream);
            if (i >= before) {
                System.out.println(library + " " + byHand);
            }
        }
    }

    private static long startLibrary(InetSocketAddress upstream) throws IOException {
        long begun = System.nanoTime();
        try (ProxyServer proxy = ProxyServer.builder()
                .workers(1)
                .start(Route.tcp("startup")
                        .listen("127.0.0.1", 0)
                        .to(upstream.getHostString() + ":" + upstream.getPort()))) {
            return firstByte(begun, proxy.route("startup").port());
        }
    }

    private static long startByHand(InetSocketAddress upstream) throws IOException {
        long begun = System.nanoTime();
        try (BlockingRelay relay = BlockingRelay.start(upstream)) {
            return firstByte(begun, relay.port());
        }
    }

    private static long firstByte(long begun, int port) throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
            client.setTcpNoDelay(true);
            client.getOutputStream().write(1);
            if (client.getInputStream().read() < 0) {
                throw new EOFException("the relay ended the stream");
            }
            return System.nanoTime() - begun;
        }
    }
}
