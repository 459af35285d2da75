package dev.sluice.nio.header;

import dev.sluice.Transport;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/**
 * Reads a PROXY header of either version off the front of some bytes.
 *
 * <p>Thread: any.
 */
public final class HeaderReader {
    private HeaderReader() {}

    /**
     * Reads the header and leaves the bytes at what follows it; or returns null, the bytes as they were, where those at
     * hand are the beginning of one.
     */
    public static ProxyHeader read(ByteBuffer bytes, Transport transport) throws ProtocolException {
        if (!bytes.hasRemaining()) {
            return null;
        }
        return bytes.get(bytes.position()) == TextHeader.PREFIX.charAt(0)
                ? TextHeader.read(bytes, transport)
                : BinaryHeader.read(bytes, transport);
    }

    /** Whether the bytes begin as told; true also where they are only a part of that, when more may come. */
    static boolean beginWith(String prefix, ByteBuffer bytes) {
        int length = Math.min(prefix.length(), bytes.remaining());
        for (int i = 0; i < length; i++) {
            if (bytes.get(bytes.position() + i) != prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
