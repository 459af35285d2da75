package dev.sluice.nio.simulation;

import java.nio.ByteBuffer;

/** A bounded queue of bytes: one direction of one end of a connection. */
final class ByteQueue {

    private byte[] ring = new byte[16];
    private int head;
    private int size;
    private int capacity;

    ByteQueue(int capacity) {
        this.capacity = capacity;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    int capacity() {
        return capacity;
    }

    /** A new bound; what is over it stays, and nothing is taken until there is room again. */
    void capacity(int capacity) {
        this.capacity = capacity;
    }

    int room() {
        return Math.max(0, capacity - size);
    }

    void put(ByteBuffer from, int count) {
        grow(size + count);
        for (int i = 0; i < count; i++) {
            ring[(head + size) % ring.length] = from.get();
            size++;
        }
    }

    void take(ByteBuffer to, int count) {
        for (int i = 0; i < count; i++) {
            to.put(ring[head]);
            drop();
        }
    }

    void moveTo(ByteQueue other, int count) {
        other.grow(other.size + count);
        for (int i = 0; i < count; i++) {
            byte next = ring[head];
            drop();
            other.ring[(other.head + other.size) % other.ring.length] = next;
            other.size++;
        }
    }

    void clear() {
        size = 0;
    }

    private void drop() {
        head = (head + 1) % ring.length;
        size--;
    }

    private void grow(int needed) {
        if (needed <= ring.length) {
            return;
        }
        byte[] larger = new byte[Math.max(needed, ring.length * 2)];
        for (int i = 0; i < size; i++) {
            larger[i] = ring[(head + i) % ring.length];
        }
        ring = larger;
        head = 0;
    }
}
