package dev.sluice;

import java.net.InetSocketAddress;

/** Who is asking: what is known of a flow before its upstream is picked. Immutable, may be kept. */
public interface FlowInfo {

    /** {@return the name of the route that the flow came in on} */
    String route();

    /** {@return whether it is a TCP connection or a UDP session} */
    Transport transport();

    /** {@return the address that the client is known by} */
    InetSocketAddress client();

    /** {@return the other end of the socket: what connected, or sent the datagram} */
    InetSocketAddress peer();

    /** {@return the own address that the client reached; never a wildcard for TCP} */
    InetSocketAddress local();
}
