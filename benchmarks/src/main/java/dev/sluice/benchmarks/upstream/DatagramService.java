package dev.sluice.benchmarks.upstream;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;

/** Takes the datagrams of one port. */
final class DatagramService implements Handler {
    private final boolean echoes;
    private final ByteBuffer buffer;
    private volatile long received;

    DatagramService(Service service, ByteBuffer buffer) {
        this.echoes = service == Service.DATAGRAM_ECHO;
        this.buffer = buffer;
    }

    /** From any thread. */
    long received() {
        return received;
    }

    @Override
    public void onReady(SelectionKey key) throws IOException {
        DatagramChannel channel = (DatagramChannel) key.channel();
        SocketAddress client;
        while ((client = channel.receive(buffer.clear())) != null) {
            received = received + 1;
            if (echoes) {
                channel.send(buffer.flip(), client);
            }
        }
    }
}
