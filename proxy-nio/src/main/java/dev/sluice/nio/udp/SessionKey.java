package dev.sluice.nio.udp;

import dev.sluice.FlowInfo;
import java.net.InetSocketAddress;

/**
 * What tells the sessions behind a proxy apart: it may send for many clients, and to many addresses, from one port.
 *
 * <p>Thread: any.
 */
record SessionKey(InetSocketAddress peer, InetSocketAddress client, InetSocketAddress local) {
    /** What a flow's session is found by: its peer alone where no header names another client, and so mostly. */
    static Object of(FlowInfo flow) {
        return flow.client().equals(flow.peer())
                ? flow.peer()
                : new SessionKey(flow.peer(), flow.client(), flow.local());
    }
}
