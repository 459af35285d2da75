package dev.sluice.nio.header;

import dev.sluice.FlowInfo;
import dev.sluice.ProxyProtocol;
import dev.sluice.Tlv;
import java.util.List;

/**
 * Writes the PROXY header that upstreams of a route are sent.
 *
 * <p>Thread: any.
 *
 * @param version which of the two
 * @param added what it has besides the addresses
 */
public record HeaderWriter(ProxyProtocol version, List<Tlv> added) {
    /** The most bytes that one of version 2 has. */
    public int longest() {
        return BinaryHeader.longest(added);
    }

    /** The header that names this flow's client. */
    public byte[] header(FlowInfo flow) {
        return version == ProxyProtocol.V1
                ? TextHeader.write(flow.client(), flow.local())
                : BinaryHeader.write(flow.transport(), flow.client(), flow.local(), added);
    }
}
