package dev.sluice.benchmarks.relay;

import dev.sluice.Transport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.netcrusher.core.reactor.NioReactor;
import org.netcrusher.datagram.DatagramCrusherBuilder;
import org.netcrusher.tcp.TcpCrusherBuilder;

/**
 * NetCrusher with one reactor, and defaults but for these: its buffers, which it keeps for each connection and session
 * (4 MiB and 8 MiB), would not fit into memory for thousands of them, and bulk takes no more CPU time with these; its
 * backlog of 10 would have clients wait for connections that the kernel dropped. A datagram of more than 8 KiB stops
 * it, by default too.
 */
public final class NetCrusherRelay {
    private static final int BACKLOG = 4_096;
    /** Of 32 KiB each, for each direction. */
    private static final int TCP_BUFFERS = 8;
    /** Of 8 KiB each, for each direction. */
    private static final int UDP_BUFFERS = 32;

    private NetCrusherRelay() {}

    /** Arguments as {@link RelayProgram} takes them. */
    public static void main(String[] arguments) {
        RelayProgram.run(List.of(arguments), NetCrusherRelay::start);
    }

    private static int start(Transport transport, InetSocketAddress upstream) throws IOException {
        int port = FreePort.find(transport);
        NioReactor reactor = new NioReactor();
        switch (transport) {
            case TCP ->
                TcpCrusherBuilder.builder()
                        .withReactor(reactor)
                        .withBindAddress("127.0.0.1", port)
                        .withConnectAddress(upstream)
                        .withBacklog(BACKLOG)
                        .withBufferCount(TCP_BUFFERS)
                        .buildAndOpen();
            case UDP ->
                DatagramCrusherBuilder.builder()
                        .withReactor(reactor)
                        .withBindAddress("127.0.0.1", port)
                        .withConnectAddress(upstream)
                        .withBufferCount(UDP_BUFFERS)
                        .buildAndOpen();
        }
        return port;
    }
}
