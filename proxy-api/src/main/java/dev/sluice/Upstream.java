package dev.sluice;

import java.net.InetSocketAddress;
import java.util.Objects;

/**
 * One place to send flows to. Immutable. Two are equal when id, host and port are; an update of a group matches by
 * {@link #id()} alone.
 */
public final class Upstream {
    private final String id;
    private final HostPort target;

    private Upstream(String id, HostPort target) {
        this.id = id;
        this.target = target;
    }

    /**
     * Reads {@code "10.0.0.5:80"}, {@code "[::1]:80"} or {@code "db.internal:5432"}. A name is one upstream however
     * many addresses it has; it is resolved at each dial, by the server's {@link NameResolver}, and never here.
     *
     * @param hostPort a literal address or a host name, a colon, and a port from 1 to 65535
     * @return the upstream, with that text as its id
     * @throws IllegalArgumentException if the text is anything else, or the address is the wildcard, a multicast or the
     *     broadcast one; the message says what would be right
     */
    public static Upstream of(String hostPort) {
        return of(hostPort, new Check(""));
    }

    /** As {@link #of(String)}, for something that is named in the message of what is thrown. */
    static Upstream of(String hostPort, Check check) {
        return new Upstream(hostPort, HostPort.parse(check.given("upstream", hostPort), check.where()));
    }

    /**
     * {@return the same place under another id}
     *
     * @param id what tells it apart in its group, over updates too; not blank, no control characters
     * @throws IllegalArgumentException if the id is blank or has control characters
     */
    public Upstream id(String id) {
        Objects.requireNonNull(id, "id");
        if (id.isBlank() || id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("upstream id " + Quoted.of(id)
                    + " is blank or has control characters; use a readable name such as \"db-1\"");
        }
        return new Upstream(id, target);
    }

    /** {@return what tells it apart in its group; by default the text it was made of} */
    public String id() {
        return id;
    }

    /** {@return the host name or literal address as written, IPv6 without its brackets} */
    public String host() {
        return target.host();
    }

    /** {@return the port, 1 to 65535} */
    public int port() {
        return target.port();
    }

    /** {@return where it is; unresolved if the host is a name} */
    public InetSocketAddress address() {
        return target.address();
    }

    /** Host and port as one text. */
    String place() {
        return target.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstream that && id.equals(that.id) && target.equals(that.target);
    }

    @Override
    public int hashCode() {
        return 31 * id.hashCode() + target.hashCode();
    }

    /** {@return the id, followed by host and port where the id does not say them} */
    @Override
    public String toString() {
        String place = place();
        return id.equals(place) ? id : id + " (" + place + ")";
    }
}
