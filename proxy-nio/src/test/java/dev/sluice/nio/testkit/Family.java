package dev.sluice.nio.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.UnknownHostException;

/** The loopback address of an address family. */
public enum Family {
    IPV4("127.0.0.1"),
    IPV6("::1");

    private final String host;

    Family(String host) {
        this.host = host;
    }

    /** The literal address, as {@code listen(host, port)} takes it. */
    public String host() {
        return host;
    }

    public InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal address needs no look-up", e);
        }
    }

    /** The address with a port, as {@code Upstream.of} takes it. */
    public String hostPort(int port) {
        return (this == IPV6 ? "[" + host + "]" : host) + ":" + port;
    }

    public InetSocketAddress socketAddress(int port) {
        return new InetSocketAddress(address(), port);
    }

    /** Whether this host has it at all. */
    public boolean isAvailable() {
        try {
            return NetworkInterface.getByInetAddress(address()) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
