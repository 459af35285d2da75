package dev.sluice.nio.header;

import dev.sluice.Tlv;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * What a PROXY header says.
 *
 * <p>Thread: any.
 *
 * @param source whom the header names as the client; null where it names nobody, or in a way that has no IP addresses
 * @param destination where that client went; null where the source is
 * @param tlvs what was added to it
 */
public record ProxyHeader(InetSocketAddress source, InetSocketAddress destination, List<Tlv> tlvs) {
    /** The most bytes that a header may have, the rest being refused. */
    public static final int LONGEST = 16_384;

    static ProxyHeader ofNobody() {
        return new ProxyHeader(null, null, List.of());
    }

    /** Whether it names a client. */
    public boolean isNamed() {
        return source != null;
    }
}
