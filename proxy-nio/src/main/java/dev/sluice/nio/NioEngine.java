package dev.sluice.nio;

import dev.sluice.ProxyEngine;
import dev.sluice.ProxyServer;

/**
 * What the service loader finds.
 *
 * <p>Thread: any.
 */
public final class NioEngine implements ProxyEngine {
    /** Made by the service loader. */
    public NioEngine() {}

    @Override
    public ProxyServer.Builder builder() {
        return new NioServerBuilder();
    }
}
