package dev.sluice.nio.simulation;

import dev.sluice.Transport;
import dev.sluice.nio.header.HeaderReader;
import dev.sluice.nio.header.ProxyHeader;
import java.net.ProtocolException;
import java.nio.ByteBuffer;

/** Takes the PROXY header off the front of a stream that begins with one, in whatever pieces it comes. */
final class StreamHeader {
    private static final byte[] NOTHING = new byte[0];

    private final ByteBuffer begun = ByteBuffer.allocate(ProxyHeader.LONGEST);
    private ProxyHeader header;

    /** What of a piece belongs to the stream itself. */
    byte[] after(byte[] piece, String what) {
        if (header != null) {
            return piece;
        }
        begun.put(piece);
        ByteBuffer bytes = begun.duplicate().flip();
        try {
            header = HeaderReader.read(bytes, Transport.TCP);
        } catch (ProtocolException e) {
            throw new AssertionError(what + " does not begin with a header", e);
        }
        byte[] rest = header == null ? NOTHING : new byte[bytes.remaining()];
        bytes.get(rest);
        return rest;
    }

    /** Whom the stream is for; null while that is not known. */
    ProxyHeader header() {
        return header;
    }
}
