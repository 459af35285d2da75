package dev.sluice.nio.udp;

import dev.sluice.nio.buffer.BufferBudget;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/**
 * The first datagrams of a session, kept in order while its upstream's name is being resolved: a few, and within the
 * server's budget.
 *
 * <p>Thread: worker.
 */
final class WaitingDatagrams {
    private static final int MOST = 8;

    private final BufferBudget budget;
    private final Queue<ByteBuffer> datagrams = new ArrayDeque<>(MOST);

    WaitingDatagrams(BufferBudget budget) {
        this.budget = budget;
    }

    /** Keeps a copy; false if there is no room for it. */
    boolean add(ByteBuffer datagram) {
        if (datagrams.size() == MOST || !budget.tryTake(datagram.remaining())) {
            return false;
        }
        datagrams.add(ByteBuffer.allocate(datagram.remaining()).put(datagram).flip());
        return true;
    }

    /** Hands over each in turn, and keeps none. */
    void forEach(Consumer<ByteBuffer> receiver) {
        ByteBuffer datagram;
        while ((datagram = datagrams.poll()) != null) {
            budget.give(datagram.capacity());
            receiver.accept(datagram);
        }
    }
}
