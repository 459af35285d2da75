package dev.sluice.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.function.Function;

/** The channels of a load and the selector that they wait at. */
final class Clients implements AutoCloseable {
    private static final long LONGEST_WAIT_MILLIS = 50;

    /** Whom a channel belongs to. */
    @FunctionalInterface
    interface Client {
        void onReady(SelectionKey key) throws IOException;
    }

    private final Selector selector = Selector.open();

    Clients() throws IOException {}

    /** Opens so many connections, or none where one cannot be opened. */
    void connect(Target target, int count, int interest, Function<SocketChannel, Client> client) throws IOException {
        openAll(count, () -> {
            SocketChannel channel = SocketChannel.open(target.address());
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            register(channel, interest, client.apply(channel));
        });
    }

    /** Opens so many sockets that each send to the target, or none where one cannot be opened. */
    void connectDatagrams(Target target, int count, Function<DatagramChannel, Client> client) throws IOException {
        openAll(count, () -> {
            DatagramChannel channel = DatagramChannel.open().connect(target.address());
            register(channel, SelectionKey.OP_READ, client.apply(channel));
        });
    }

    SelectionKey register(SelectableChannel channel, int interest, Client client) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, interest, client);
    }

    /** Sees to what is ready, which it may wait for a moment, and returns whether anything was. */
    boolean select(boolean mayWait) throws IOException {
        try {
            int ready = mayWait
                    ? selector.select(Clients::dispatch, LONGEST_WAIT_MILLIS)
                    : selector.selectNow(Clients::dispatch);
            return ready > 0;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void dispatch(SelectionKey key) {
        try {
            ((Client) key.attachment()).onReady(key);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private interface Opening {
        void run() throws IOException;
    }

    private void openAll(int count, Opening opening) throws IOException {
        try {
            for (int i = 0; i < count; i++) {
                opening.run();
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (SelectionKey key : selector.keys()) {
            key.channel().close();
        }
        selector.close();
    }
}
