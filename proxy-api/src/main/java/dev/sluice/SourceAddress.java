package dev.sluice;

import java.net.InetAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The address that upstreams see. Immutable.
 *
 * <p>{@link #client()} and {@link #clientWithPort} need Linux, the JVM flag
 * {@code --add-opens java.base/sun.nio.ch=ALL-UNNAMED} (with the engine on the module path
 * {@code =dev.sluice.nio}), the capability {@code CAP_NET_ADMIN} or {@code CAP_NET_RAW}, and upstreams that send their
 * answers back through this host; {@link #fixed} needs the flag, on Linux. What a start can find missing fails it, with
 * the remedy; that answers do not come back shows in {@link CloseReason#NO_RETURN_ROUTE}, and is not put down to the
 * upstream.
 */
public final class SourceAddress {
    /** Which of the four it is. */
    public enum Kind {
        /** The proxy's own address. */
        PROXY,
        /** One address of the proxy's host. */
        FIXED,
        /** The client's address, with another port. */
        CLIENT,
        /** The client's address and port. */
        CLIENT_WITH_PORT
    }

    private final Kind kind;
    private final @Nullable InetAddress address;
    private final PortTaken portTaken;

    private SourceAddress(Kind kind, @Nullable InetAddress address, PortTaken portTaken) {
        this.kind = kind;
        this.address = address;
        this.portTaken = portTaken;
    }

    /** {@return the proxy's own address, whichever the host picks for each upstream: the default} */
    public static SourceAddress proxy() {
        return new SourceAddress(Kind.PROXY, null, PortTaken.ANOTHER);
    }

    /**
     * {@return one address of the proxy's host}
     *
     * @param address a literal IPv4 or IPv6 address, which only upstreams of its own family are reached from
     * @throws IllegalArgumentException if it is something else, or the wildcard
     */
    public static SourceAddress fixed(String address) {
        String subject = "source address " + Quoted.of(Objects.requireNonNull(address, "address"));
        InetAddress literal = Literal.read(Literal.withoutBrackets(address, subject), subject);
        if (literal == null || literal.isAnyLocalAddress()) {
            throw new IllegalArgumentException(
                    subject + " is no address of one host; write one that this host has, such as 10.0.0.9");
        }
        return new SourceAddress(Kind.FIXED, literal, PortTaken.ANOTHER);
    }

    /** {@return the client's address, with a port that the host picks for each connection} */
    public static SourceAddress client() {
        return new SourceAddress(Kind.CLIENT, null, PortTaken.ANOTHER);
    }

    /**
     * {@return the client's address and port}
     *
     * <p>A port below 1024 takes the capability {@code CAP_NET_BIND_SERVICE} too; without it, it counts as taken.
     *
     * @param taken what to do when the port is in use on this host for that address and upstream already
     */
    public static SourceAddress clientWithPort(PortTaken taken) {
        return new SourceAddress(Kind.CLIENT_WITH_PORT, null, Objects.requireNonNull(taken, "taken"));
    }

    /** {@return which of the four it is} */
    public Kind kind() {
        return kind;
    }

    /** {@return the address, if it is {@link Kind#FIXED}; else null} */
    public @Nullable InetAddress address() {
        return address;
    }

    /** {@return what to do when the client's port is taken; it matters for {@link Kind#CLIENT_WITH_PORT} alone} */
    public PortTaken portTaken() {
        return portTaken;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SourceAddress that
                && kind == that.kind
                && Objects.equals(address, that.address)
                && portTaken == that.portTaken;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, address, portTaken);
    }

    /** {@return how it is made, such as {@code clientWithPort(ANOTHER)}} */
    @Override
    public String toString() {
        if (kind == Kind.FIXED) {
            return "fixed(" + Objects.requireNonNull(address).getHostAddress() + ")";
        }
        if (kind == Kind.CLIENT_WITH_PORT) {
            return "clientWithPort(" + portTaken + ")";
        }
        return kind == Kind.CLIENT ? "client()" : "proxy()";
    }
}
