package dev.sluice.examples.relay;

import dev.sluice.Route;
import dev.sluice.RouteBuilder;
import dev.sluice.TcpRoute;
import dev.sluice.Transport;
import dev.sluice.UdpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One route as it is written: {@code [tcp:|udp:]LISTEN=UPSTREAM[,UPSTREAM...][?option=value[&option=value...]]}.
 *
 * @param transport TCP unless it says otherwise
 * @param listen where to listen
 * @param upstreams where flows go; empty for where they were meant to go
 * @param options what else it says
 */
record RouteArgument(Transport transport, ListenAddress listen, List<Upstream> upstreams, RouteOptions options) {
    /** The options that have a number for each upstream. */
    private static final List<String> RANKS = List.of("weight", "priority", "limit");

    /** Reads one; what is thrown names the argument, the one thing that is wrong with it, and what would be right. */
    static RouteArgument parse(String text) {
        try {
            Transport transport = transport(text);
            String rest = text.substring(
                    text.startsWith(prefix(transport)) ? prefix(transport).length() : 0);
            int query = rest.indexOf('?');
            String places = query < 0 ? rest : rest.substring(0, query);
            int equals = places.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("no = between where to listen and where to send");
            }
            ListenAddress listen = ListenAddress.parse(places.substring(0, equals));
            List<Upstream> upstreams = upstreams(places.substring(equals + 1));
            RouteOptions options =
                    query < 0 ? RouteOptions.none() : RouteOptions.parse(rest.substring(query + 1), transport);
            return new RouteArgument(transport, listen, ranked(upstreams, options), options);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("route \"" + text + "\": " + e.getMessage(), e);
        }
    }

    private static Transport transport(String text) {
        for (Transport each : Transport.values()) {
            if (text.startsWith(prefix(each))) {
                return each;
            }
        }
        ListenAddress.refuseScheme(text.split("[=?]", 2)[0]);
        return Transport.TCP;
    }

    private static String prefix(Transport transport) {
        return transport.name().toLowerCase(Locale.ROOT) + ":";
    }

    private static List<Upstream> upstreams(String text) {
        List<String> each = Arrays.asList(text.split(",", -1));
        if (each.contains(SourceOptions.ORIGINAL)) {
            if (each.size() > 1) {
                throw new IllegalArgumentException("upstream " + SourceOptions.ORIGINAL + " stands alone");
            }
            return List.of();
        }
        if (each.contains("")) {
            throw new IllegalArgumentException(
                    text.isEmpty() ? "no upstream after the =" : "an upstream is empty; write one comma between two");
        }
        Set<String> seen = new HashSet<>();
        each.stream().filter(upstream -> !seen.add(upstream)).findFirst().ifPresent(twice -> {
            throw new IllegalArgumentException("upstream \"" + twice + "\" is given twice; leave one out");
        });
        return each.stream().map(Upstream::of).toList();
    }

    private static List<Upstream> ranked(List<Upstream> upstreams, RouteOptions options) {
        if (options.has("resolve") && (upstreams.size() > 1 || RANKS.stream().anyMatch(options::has))) {
            throw new IllegalArgumentException("option resolve makes each address of one name an upstream;"
                    + " give one upstream, and neither weight, priority nor limit");
        }
        Optional<List<Integer>> weights = options.numbers("weight", upstreams.size());
        Optional<List<Integer>> priorities = options.numbers("priority", upstreams.size());
        Optional<List<Integer>> limits = options.numbers("limit", upstreams.size());
        List<Upstream> ranked = new ArrayList<>(upstreams);
        for (int i = 0; i < ranked.size(); i++) {
            Upstream each = ranked.get(i);
            int weight = weights.isPresent() ? weights.get().get(i) : each.weight();
            int priority = priorities.isPresent() ? priorities.get().get(i) : each.priority();
            int limit = limits.isPresent() ? limits.get().get(i) : each.maxConnections();
            ranked.set(i, each.weight(weight).priority(priority).maxConnections(limit));
        }
        return ranked;
    }

    /** The name it was given. */
    Optional<String> name() {
        return options.name();
    }

    /** What to call it if it was given no name: {@code tcp-7005}, or {@code tcp-any} on a port yet to be picked. */
    String ownName() {
        return transport.name().toLowerCase(Locale.ROOT) + "-" + (listen.port() == 0 ? "any" : listen.port());
    }

    /** The route that it describes; a setting that it says nothing about has the library's default. */
    Route route(String name) {
        return transport == Transport.TCP ? tcp(name) : udp(name);
    }

    private TcpRoute tcp(String name) {
        TcpRoute plain = plain(name, Route.tcp(name));
        Duration connect = options.duration("connect", plain.connectTimeout());
        Duration deadline = options.duration("deadline", plain.connectDeadline());
        if (!deadline.isZero() && connect.compareTo(deadline) > 0) {
            throw new IllegalArgumentException("route \"" + name + "\": connect, " + DurationText.of(connect)
                    + ", is longer than deadline, " + DurationText.of(deadline)
                    + ", which bounds all attempts together; give a longer deadline too");
        }
        if (options.has("jitter") && !options.has("maxDuration")) {
            throw new IllegalArgumentException(
                    "route \"" + name + "\": option jitter lengthens maxDuration; give that too");
        }
        return HeaderOptions.send(options, plain.toBuilder())
                .prefaceTimeout(options.duration("preface", plain.prefaceTimeout()))
                .connectTimeout(connect)
                .connectAttempts(options.number("attempts", plain.connectAttempts()), deadline)
                .idleTimeout(options.duration("idle", plain.idleTimeout()))
                .halfClosedTimeout(options.duration("halfClosed", plain.halfClosedTimeout()))
                .maxDuration(
                        options.duration("maxDuration", plain.maxDuration()),
                        options.fraction("jitter", plain.maxDurationJitter()))
                .maxConnections(options.number("maxConnections", plain.maxConnections()))
                .maxConnectionsPerClient(options.number("maxPerClient", plain.maxConnectionsPerClient()))
                .acceptRate(options.number("acceptRate", plain.acceptRate()))
                .backlog(options.number("backlog", plain.backlog()))
                .keepAlive(options.duration("keepAlive", plain.keepAlive()))
                .noDelay(options.flag("noDelay", plain.noDelay()))
                .to(plain.upstreams());
    }

    private UdpRoute udp(String name) {
        UdpRoute plain = plain(name, Route.udp(name));
        return HeaderOptions.send(options, plain.toBuilder())
                .idleTimeout(options.duration("idle", plain.idleTimeout()))
                .maxSessions(options.number("maxSessions", plain.maxSessions()))
                .maxSessionsPerClient(options.number("maxPerClient", plain.maxSessionsPerClient()))
                .maxDatagram(options.number("maxDatagram", plain.maxDatagram()))
                .requests(options.number("requests", plain.requests()))
                .responses(options.number("responses", plain.responses()))
                .receiveBuffer(options.number("receiveBuffer", plain.receiveBuffer()))
                .to(plain.upstreams());
    }

    /** The route without settings: where to listen, where to send, how to select. */
    private <B extends RouteBuilder<B, R>, R extends Route> R plain(String name, B builder) {
        listen.addTo(builder);
        builder.allow(options.blocks("allow")).deny(options.blocks("deny"));
        HeaderOptions.expect(options, builder, name);
        SourceOptions.apply(options, builder);
        FaultOptions.apply(options, builder, name);
        if (upstreams.isEmpty()) {
            SourceOptions.requireForOriginal(options, transport, name);
            return builder.toOriginalDestination();
        }
        Upstreams group = group();
        Upstreams selected = group.select(options.selector(group.selector()));
        return builder.to(CheckOptions.apply(options, transport, selected, name));
    }

    private Upstreams group() {
        if (!options.has("resolve")) {
            return Upstreams.of(upstreams);
        }
        Upstream name = upstreams.get(0);
        return Upstreams.from(UpstreamSource.dns(name.host(), name.port(), options.duration("resolve", Duration.ZERO)));
    }
}
