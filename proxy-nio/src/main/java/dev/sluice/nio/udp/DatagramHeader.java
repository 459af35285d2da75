package dev.sluice.nio.udp;

import java.nio.ByteBuffer;

/**
 * The header that goes before the payload of a session's datagrams.
 *
 * <p>Thread: worker.
 */
record DatagramHeader(byte[] bytes) {
    /** The payload with the header before it, in the room that there is in front of the payload, or in a copy. */
    ByteBuffer before(ByteBuffer payload) {
        int start = payload.position() - bytes.length;
        if (start >= 0) {
            return payload.put(start, bytes).position(start);
        }
        return ByteBuffer.allocate(bytes.length + payload.remaining())
                .put(bytes)
                .put(payload)
                .flip();
    }
}
