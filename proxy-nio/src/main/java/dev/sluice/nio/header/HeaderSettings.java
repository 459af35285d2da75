package dev.sluice.nio.header;

import dev.sluice.Cidr;
import dev.sluice.Route;
import java.util.List;

/**
 * What a route does with PROXY headers.
 *
 * <p>Thread: any.
 *
 * @param trusted who must begin with one; empty where none is expected
 * @param writer makes the ones that upstreams are sent; null where none is
 */
public record HeaderSettings(List<Cidr> trusted, HeaderWriter writer) {
    public static HeaderSettings of(Route route) {
        return new HeaderSettings(
                route.trustedPeers(),
                route.sentProxyProtocol() == null
                        ? null
                        : new HeaderWriter(route.sentProxyProtocol(), route.addedTlvs()));
    }

    public boolean isExpected() {
        return !trusted.isEmpty();
    }

    public boolean isSent() {
        return writer != null;
    }
}
