package dev.sluice;

import java.net.InetSocketAddress;
import java.util.List;

/** Who is asking: what is known of a flow before its upstream is picked. Immutable, may be kept. */
public interface FlowInfo {

    /** {@return the name of the route that the flow came in on} */
    String route();

    /** {@return whether it is a TCP connection or a UDP session} */
    Transport transport();

    /**
     * {@return the address that the client is known by: that of an inbound PROXY header if it names one, else that of
     * the peer}
     */
    InetSocketAddress client();

    /** {@return the other end of the socket: what connected, or sent the datagram} */
    InetSocketAddress peer();

    /**
     * {@return the address that the client reached: that of an inbound PROXY header if it names one, else the own one,
     * never a wildcard for TCP}
     */
    InetSocketAddress local();

    /** {@return what an inbound PROXY header had added, in its order, unmodifiable; empty if there was none} */
    default List<Tlv> tlvs() {
        return List.of();
    }
}
