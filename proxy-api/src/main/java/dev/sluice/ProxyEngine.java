package dev.sluice;

/**
 * Makes servers. Implemented by an engine such as {@code dev.sluice:proxy-nio}, which {@link ProxyServer#builder()}
 * finds with {@link java.util.ServiceLoader}; applications have no need of it.
 */
public interface ProxyEngine {

    /** {@return settings for a new server, at their defaults} */
    ProxyServer.Builder builder();
}
