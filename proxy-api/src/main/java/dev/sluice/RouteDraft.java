package dev.sluice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What both route builders gather: name, addresses, idle timeout, who may use it. */
final class RouteDraft {
    private static final int MOST_ADDED = 16_000;
    /** Type and length. */
    private static final int TLV_FRAME = 3;

    private static final int HIGHEST_PORT = 65535;
    /** {@code host:port}, {@code [v6]:port}; an IPv6 address without brackets has more colons. */
    private static final Pattern WITH_PORT = Pattern.compile("(\\[[^]]*]|[^:\\[\\]]*):(\\d{1,5})");

    private final String name;
    private final Check check;
    private final List<InetSocketAddress> listen;
    private boolean listenInherited;
    private Duration idleTimeout;
    private List<Cidr> allow = List.of();
    private List<Cidr> deny = List.of();
    private SourceAddress source = SourceAddress.proxy();
    private boolean isIntercepting;
    private List<Cidr> trusted = List.of();
    private @Nullable ProxyProtocol sent;
    private List<Tlv> added = List.of();
    private List<FaultRule> faults = List.of();

    /** Begins a new route. */
    RouteDraft(String name, Duration idleTimeout) {
        this(Check.name("route", name), List.of(), idleTimeout);
    }

    /** Begins with what an existing route has. */
    RouteDraft(Route route) {
        this(route.name(), route.listen(), route.idleTimeout());
        this.listenInherited = true;
        this.allow = route.allow();
        this.deny = route.deny();
        this.source = route.source();
        this.isIntercepting = route.isIntercepting();
        this.trusted = route.trustedPeers();
        this.sent = route.sentProxyProtocol();
        this.added = route.addedTlvs();
        this.faults = route.faults();
    }

    private RouteDraft(String name, List<InetSocketAddress> listen, Duration idleTimeout) {
        this.name = name;
        this.check = new Check("route " + Quoted.of(name) + ": ");
        this.listen = new ArrayList<>(listen);
        this.idleTimeout = idleTimeout;
    }

    Check check() {
        return check;
    }

    void listen(int port) {
        add(new InetSocketAddress(Literal.everyAddress(), listenPort(port)));
    }

    void listen(String host, int port) {
        check.given("listen host", host);
        String subject = check.where() + "listen host " + Quoted.of(host);
        refuseOtherForms(host, port, subject);
        String bare = Literal.withoutBrackets(host, subject);
        InetAddress literal = Literal.read(bare, subject);
        add(
                literal == null
                        ? InetSocketAddress.createUnresolved(bare, listenPort(port))
                        : new InetSocketAddress(literal, listenPort(port)));
    }

    /** What other programs take for a host is answered with how it is said here. */
    private static void refuseOtherForms(String host, int port, String subject) {
        if (host.equals("*")) {
            throw new IllegalArgumentException(
                    subject + " is no host; to listen on every local address write listen(" + port + ")");
        }
        Matcher joined = WITH_PORT.matcher(host);
        if (joined.matches()) {
            boolean every = joined.group(1).isEmpty() || joined.group(1).equals("*");
            throw new IllegalArgumentException(subject + " has a port in it; the port is the second argument: listen("
                    + (every ? "" : Quoted.of(joined.group(1)) + ", ") + joined.group(2) + ")");
        }
    }

    void idleTimeout(Duration d) {
        idleTimeout = check.duration("idleTimeout", d);
    }

    void allow(Cidr... clients) {
        allow = blocks("allow", clients);
    }

    void deny(Cidr... clients) {
        deny = blocks("deny", clients);
    }

    void source(SourceAddress address) {
        source = check.given("source", address);
    }

    void intercept() {
        isIntercepting = true;
    }

    /** What interception cannot do over UDP. */
    void refuseOtherInterception(Upstreams group) {
        boolean isOnWildcard = listen.stream()
                .anyMatch(address ->
                        !address.isUnresolved() && address.getAddress().isAnyLocalAddress());
        if (isIntercepting && isOnWildcard) {
            throw check.wrong(
                    "intercept cannot tell where a datagram to the wildcard address was meant to go; list each"
                            + " address that it is to take with listen(host, port)");
        }
        if (isToOriginalDestination(check.given("group", group))) {
            throw originalIsForTcp();
        }
    }

    private static boolean isToOriginalDestination(Upstreams group) {
        return group.members().stream().anyMatch(Upstream::isOriginalDestination);
    }

    IllegalArgumentException originalIsForTcp() {
        return check.wrong(
                "toOriginalDestination is for TCP; over UDP the address that is listened on is where datagrams"
                        + " were meant to go, and they would come back to it: name upstreams");
    }

    Upstreams originalDestination() {
        return Upstreams.of(List.of(Upstream.originalDestination())).eject(Ejection.off());
    }

    void expectProxyProtocol(Cidr... peers) {
        List<Cidr> blocks = blocks("expectProxyProtocol", peers);
        if (blocks.isEmpty()) {
            throw check.wrong("expectProxyProtocol names no peer, and whoever may send a header can be any client;"
                    + " name the proxies in front, such as Cidr.of(\"10.0.0.0/8\")");
        }
        trusted = blocks;
    }

    void sendProxyProtocol(@Nullable ProxyProtocol version, Tlv... tlvs) {
        int length = 0;
        for (Tlv tlv : check.given("sendProxyProtocol", tlvs)) {
            length += TLV_FRAME + check.given("sendProxyProtocol", tlv).length();
        }
        if (tlvs.length > 0 && version != ProxyProtocol.V2) {
            throw check.wrong("sendProxyProtocol " + version + " can have nothing added; use V2 for that");
        }
        if (length > MOST_ADDED) {
            throw check.wrong("sendProxyProtocol adds " + length + " bytes; add at most " + MOST_ADDED);
        }
        if (Stream.of(tlvs).filter(tlv -> tlv.type() == Tlv.CRC32C).count() > 1) {
            throw check.wrong("sendProxyProtocol adds the checksum twice; add it once");
        }
        sent = version;
        added = List.of(tlvs);
    }

    void faults(Transport transport, FaultRule... rules) {
        for (FaultRule rule : check.given("faults", rules)) {
            check.given("faults", rule).requireFor(transport, check);
        }
        faults = List.of(rules);
    }

    private List<Cidr> blocks(String field, Cidr[] clients) {
        for (Cidr block : check.given(field, clients)) {
            check.given(field, block);
        }
        return List.of(clients);
    }

    Upstreams group(String hostPort, String... more) {
        return Upstreams.of(hostPort, more, check);
    }

    Upstreams group(Upstream first, Upstream... more) {
        List<Upstream> members = new ArrayList<>(1 + check.given("more", more).length);
        members.add(first);
        members.addAll(Arrays.asList(more));
        return Upstreams.of(members, check);
    }

    /** What is gathered, with where flows go; fails if it takes more to be a route. */
    RouteFrame finish(Upstreams group) {
        check.given("group", group);
        if (!isIntercepting && isToOriginalDestination(group)) {
            throw check.wrong("toOriginalDestination without intercept() would send the route's flows to itself;"
                    + " call intercept() before it");
        }
        if (!trusted.isEmpty() && isToOriginalDestination(group)) {
            throw check.wrong(
                    "toOriginalDestination and expectProxyProtocol together would dial whatever a header says;"
                            + " leave one out");
        }
        if (listen.isEmpty()) {
            throw check.wrong("no listen address; call listen(port) before to(…), with port 0 for any free port");
        }
        Set<InetSocketAddress> seen = new HashSet<>();
        for (InetSocketAddress address : listen) {
            // any number of free ports may be asked for on one address
            if (address.getPort() != 0 && !seen.add(address)) {
                throw check.wrong("listen address " + HostPort.text(address) + " is given twice; leave one out");
            }
        }
        Upstreams named = group.name() == null ? group.named(name) : group;
        return new RouteFrame(
                name,
                List.copyOf(listen),
                named,
                idleTimeout,
                allow,
                deny,
                source,
                isIntercepting,
                new RouteFrame.Headers(trusted, sent, added),
                faults);
    }

    private void add(InetSocketAddress address) {
        if (listenInherited) {
            listen.clear();
            listenInherited = false;
        }
        listen.add(address);
    }

    private int listenPort(int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw check.wrong(
                    "listen port " + port + " is out of range; use 1 to " + HIGHEST_PORT + ", or 0 for any free port");
        }
        return port;
    }
}
