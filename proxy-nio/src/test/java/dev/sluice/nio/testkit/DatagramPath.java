package dev.sluice.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.fault.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * One direction of a session that is open: what is sent at one end is to be received at the other.
 *
 * @param session where the upstream sees the session come from
 * @param entered how many datagrams of each direction have met the route's faults, on a path that counts them
 */
public record DatagramPath(
        StartedProxy proxy,
        Direction direction,
        UdpPeer client,
        UdpPeer upstream,
        InetSocketAddress session,
        Map<Direction, AtomicLong> entered) {
    /** Few enough for any receive buffer. */
    private static final int AT_ONCE = 32;

    /** Through a new server with one upstream. */
    public static DatagramPath open(Udp udp, Direction direction) throws IOException {
        UdpPeer upstream = udp.peer();
        return open(udp, udp.start(Udp.route().to(upstream.hostPort())), upstream, direction);
    }

    /** A session more through this server. */
    public static DatagramPath open(Udp udp, StartedProxy proxy, UdpPeer upstream, Direction direction)
            throws IOException {
        UdpPeer client = udp.peer().send(proxy.address(), "hello");
        InetSocketAddress session = upstream.expect("hello").from();
        return new DatagramPath(proxy, direction, client, upstream, session, new EnumMap<>(Direction.class));
    }

    /** The same with a rule before all others that counts what comes, as {@link #relay} needs it. */
    public static DatagramPath counted(Udp udp, Direction direction) throws IOException {
        DatagramPath path = open(udp, direction);
        for (Direction each : Direction.values()) {
            AtomicLong count = new AtomicLong();
            path.entered.put(each, count);
            Fault counting = Fault.lossIf(payload -> count.incrementAndGet() == 0);
            path.under(each == Direction.TO_CLIENT ? FaultRule.toClient(counting) : FaultRule.toUpstream(counting));
        }
        return path;
    }

    /** The other direction of the same session. */
    public DatagramPath back() {
        Direction other = direction == Direction.TO_CLIENT ? Direction.TO_UPSTREAM : Direction.TO_CLIENT;
        return new DatagramPath(proxy, other, client, upstream, session, entered);
    }

    /** A rule for this direction, with a seed. */
    public FaultRule rule(Fault first, Fault... more) {
        FaultRule rule =
                direction == Direction.TO_CLIENT ? FaultRule.toClient(first, more) : FaultRule.toUpstream(first, more);
        return rule.seed(1);
    }

    /** Has the route be under such a rule. */
    public RunningFault under(Fault first, Fault... more) {
        return under(rule(first, more));
    }

    public RunningFault under(FaultRule rule) {
        return proxy.route().faults().apply(rule);
    }

    public DatagramPath send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.UTF_8));
    }

    public DatagramPath send(byte[] payload) throws IOException {
        if (direction == Direction.TO_CLIENT) {
            upstream.send(session, payload);
        } else {
            client.send(proxy.address(), payload);
        }
        return this;
    }

    /** The other end. */
    public UdpPeer receiver() {
        return direction == Direction.TO_CLIENT ? client : upstream;
    }

    public String receive() throws IOException {
        return receiver().receive().text();
    }

    public DatagramPath expect(String... texts) throws IOException {
        for (String text : texts) {
            assertThat(receive()).isEqualTo(text);
        }
        return this;
    }

    /** How many were relayed so far, over all sessions of the route. */
    public long relayed() {
        return direction == Direction.TO_CLIENT
                ? proxy.metrics().datagramsToClient()
                : proxy.metrics().datagramsToUpstream();
    }

    /** Sends datagrams that say their numbers, and answers with those that are relayed at once, as they arrive. */
    public List<Integer> relay(int from, int to) throws IOException {
        List<Integer> arrived = new ArrayList<>();
        AtomicLong count = entered.get(direction);
        proxy.awaitTurn();
        long before = relayed();
        for (int i = from; i < to; ) {
            long goal = count.get() + Math.min(AT_ONCE, to - i);
            for (int end = Math.min(i + AT_ONCE, to); i < end; i++) {
                send(String.valueOf(i));
            }
            Await.until("all have met the faults", () -> count.get() == goal);
            proxy.awaitTurn();
            for (long left = relayed() - before - arrived.size(); left > 0; left--) {
                arrived.add(Integer.parseInt(receive()));
            }
        }
        return arrived;
    }

    /** The same of so many, numbered from 0. */
    public List<Integer> relay(int count) throws IOException {
        return relay(0, count);
    }

    /** Those of the first so many that are not among these. */
    public static List<Integer> without(List<Integer> these, int count) {
        return IntStream.range(0, count)
                .filter(number -> !these.contains(number))
                .boxed()
                .toList();
    }

    /** The first so many numbers. */
    public static List<Integer> all(int count) {
        return without(List.of(), count);
    }
}
