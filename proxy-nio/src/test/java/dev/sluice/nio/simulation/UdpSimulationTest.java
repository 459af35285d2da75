package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.DropReason;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.UdpRoute;
import dev.sluice.Upstream;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.observe.Totals;
import dev.sluice.nio.udp.SharedPort;
import dev.sluice.nio.udp.UdpListener;
import dev.sluice.nio.udp.UdpSettings;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * The real UDP listener and sessions on an unlucky network, and under rules of faults that come and go. A datagram
 * carries its client's number and its own; each upstream sends back what it receives. One seed is run again with
 * {@code -Dsluice.simulation.seed=N}.
 */
class UdpSimulationTest {
    private static final int STEPS = 2_000;
    private static final int LARGEST = 200;
    private static final int MOST_RULES = 4;
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 53);

    @Test
    void aDatagramArrivesWholeAndAtItsOwnClientOrIsCounted() throws IOException {
        Set<CloseReason> reached = new HashSet<>();
        Set<DropReason> dropped = new HashSet<>();
        for (long seed : Seeds.all()) {
            try {
                new Run(seed).play(reached, dropped);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("UDP simulation, seed " + seed + ": " + e.getMessage(), e);
            }
        }

        if (Seeds.areAll()) {
            assertThat(reached).contains(CloseReason.IDLE, CloseReason.ANSWERED, CloseReason.UPSTREAM_REMOVED);
            assertThat(dropped)
                    .contains(
                            DropReason.SESSION_LIMIT,
                            DropReason.OVERSIZE,
                            DropReason.NO_PORT,
                            DropReason.FAULT,
                            DropReason.DRAINING,
                            DropReason.SEND_FAILED,
                            DropReason.NO_UPSTREAM);
        }
    }

    /** One seed. */
    private static final class Run {
        private final Random random;
        private final String what;
        private final SimulatedNetwork network;
        private final SimulatedWorker proxy;
        private final Group group;
        private final UdpListener listener;
        private final List<UdpPeer> servers = new ArrayList<>();
        private final List<UdpPeer> clients = new ArrayList<>();
        private final List<Upstream> addresses = new ArrayList<>();
        /** What was sent, by client and number of the datagram. */
        private final Map<Long, Integer> sizes = new LinkedHashMap<>();

        /** Whom and what each upstream and client has received, by where it came from; the last number of each. */
        private final Map<List<Object>, Integer> lastNumbers = new HashMap<>();

        private final Set<List<Object>> arrived = new HashSet<>();
        private final DatagramRules rules;
        private final List<ActiveRule> running = new ArrayList<>();

        private long sentToProxy;

        Run(long seed) throws IOException {
            random = Seeds.random(seed);
            what = "seed " + seed;
            network = new SimulatedNetwork(seed, Faults.none(), KernelBuffers.random(random));
            proxy = new SimulatedWorker(what, network, 1 + random.nextInt(8));
            int count = 1 + random.nextInt(3);
            for (int i = 1; i <= count; i++) {
                addresses.add(Upstream.of("10.0.1." + i + (random.nextBoolean() ? "" : SimulatedWorker.NAME) + ":53"));
                if (random.nextInt(4) > 0) {
                    servers.add(network.datagrams(new InetSocketAddress("10.0.1." + i, 53)));
                }
            }
            for (int i = 0; i < 6; i++) {
                clients.add(network.datagrams(new InetSocketAddress("10.1.0.1", 1_024 + i)));
            }
            UdpRoute route = Route.udp("simulated")
                    .listen("10.0.0.1", 53)
                    .idleTimeout(Duration.ofMillis(1 + random.nextInt(2_000)))
                    .maxDatagram(LARGEST)
                    .requests(random.nextInt(3))
                    .responses(random.nextInt(3) - 1)
                    .to(addresses.get(0), addresses.subList(1, addresses.size()).toArray(Upstream[]::new));
            group = new Group(route.upstreams(), 1, change -> {});
            listener = new SharedPort()
                    .listener(
                            proxy.sockets().listenDatagram(PROXY, 1 << 16),
                            proxy.lane(),
                            UdpSettings.of(route, group, proxy.names(), null));
            listener.open();
            network.faults(Faults.random(random, random.nextDouble() * 0.5));
            rules = new DatagramRules(random);
        }

        void play(Set<CloseReason> reached, Set<DropReason> dropped) {
            for (int step = 0; step < STEPS; step++) {
                act();
                network.step();
                if (random.nextInt(4) > 0) {
                    proxy.turn();
                }
                proxy.advance(Duration.ofNanos(random.nextInt(10_000_000)));
            }
            checkNothingWasMade();
            if (random.nextBoolean()) {
                running.forEach(proxy.lane().faults()::end);
            }
            proxy.rest();
            // What was on its way may open a session still, and an upstream may be out of rotation for a while.
            network.settle();
            proxy.turn();
            proxy.rest();
            running.forEach(proxy.lane().faults()::end);
            proxy.advance(Duration.ofHours(1));
            proxy.turn();
            checkAllIsCounted();
            assertThat(proxy.worker().timers().size()).as("%s: timers", what).isZero();
            clients.forEach(UdpPeer::close);
            servers.forEach(UdpPeer::close);
            proxy.closeAndCheck(listener, group);
            proxy.ends().forEach(end -> reached.add(end.reason()));
            for (DropReason reason : DropReason.values()) {
                if (proxy.totals().get(reason) > 0) {
                    dropped.add(reason);
                }
            }
        }

        private void act() {
            switch (random.nextInt(10)) {
                case 0 -> {
                    rarely();
                    beginOrEndRule();
                }
                case 1, 2, 3, 4 -> send(random.nextInt(clients.size()));
                case 5, 6, 7 -> servers.forEach(this::answer);
                default -> clients.forEach(this::receive);
            }
        }

        private void rarely() {
            switch (random.nextInt(30)) {
                case 0 -> network.faults(Faults.random(random, random.nextDouble() * 0.5));
                case 1 -> network.faults(Faults.none());
                case 2 -> {
                    List<Upstream> some = new ArrayList<>(addresses);
                    some.removeIf(upstream -> random.nextInt(3) == 0);
                    Leaving leaving = random.nextBoolean() ? Leaving.keep() : Leaving.close();
                    Collection<Member> gone = group.update(some);
                    proxy.lane().endFlowsOf(gone::contains, leaving, CloseReason.UPSTREAM_REMOVED);
                }
                default -> proxy.turn();
            }
        }

        private void beginOrEndRule() {
            if (random.nextInt(4) == 0 && running.size() < MOST_RULES) {
                running.add(proxy.begin(rules.next(), random.nextLong()));
            } else if (random.nextInt(3) == 0 && !running.isEmpty()) {
                // One whose time is over may be among them, as where a user undoes it all the same.
                proxy.lane().faults().end(running.remove(random.nextInt(running.size())));
            }
        }

        private void send(int client) {
            int size = random.nextInt(20) == 0 ? LARGEST + 1 : 8 + random.nextInt(LARGEST - 8);
            int number = sizes.size();
            sizes.put((long) client << 32 | number, size);
            ByteBuffer datagram = ByteBuffer.allocate(size).putInt(client).putInt(number);
            while (datagram.hasRemaining()) {
                datagram.put((byte) (number + datagram.position()));
            }
            clients.get(client).send(datagram.array(), PROXY);
            sentToProxy++;
        }

        private void answer(UdpPeer server) {
            Datagram datagram = server.receive();
            if (datagram != null) {
                check(datagram, server);
                server.send(datagram.payload(), datagram.from());
            }
        }

        private void receive(UdpPeer client) {
            Datagram datagram = client.receive();
            if (datagram != null) {
                assertThat(datagram.from()).as("%s: an answer's source", what).isEqualTo(PROXY);
                int owner = check(datagram, client);
                assertThat(rules.mayAlter() || clients.get(owner) == client)
                        .as("%s: an answer's client", what)
                        .isTrue();
            }
        }

        /** Returns whose it is; anything where it may have been altered. */
        private int check(Datagram datagram, UdpPeer receiver) {
            if (rules.mayAlter()) {
                assertThat(datagram.payload()).as(what).hasSizeLessThanOrEqualTo(LARGEST);
                return 0;
            }
            int client = checkWhole(datagram);
            int number = ByteBuffer.wrap(datagram.payload()).getInt(4);
            boolean isDoubled = !arrived.add(List.of(receiver, number));
            assertThat(isDoubled && !mayDouble())
                    .as("%s: %s comes twice", what, number)
                    .isFalse();
            Integer last = lastNumbers.put(List.of(receiver, client, datagram.from()), number);
            boolean isLate = last != null && last > number && receiver != clients.get(client);
            assertThat(isLate && !rules.mayReorder())
                    .as("%s: %s comes after %s", what, number, last)
                    .isFalse();
            return client;
        }

        private boolean mayDouble() {
            return rules.mayDouble() || network.count(Fault.DATAGRAM_DOUBLED) > 0;
        }

        /** Every byte is as it was sent; returns whose it is. */
        private int checkWhole(Datagram datagram) {
            ByteBuffer bytes = ByteBuffer.wrap(datagram.payload());
            int client = bytes.getInt();
            int number = bytes.getInt();
            assertThat(sizes).as("%s: what was sent", what).containsKey((long) client << 32 | number);
            assertThat(datagram.payload()).as(what).hasSize(sizes.get((long) client << 32 | number));
            while (bytes.hasRemaining()) {
                int place = bytes.position();
                assertThat(bytes.get()).as(what).isEqualTo((byte) (number + place));
            }
            return client;
        }

        /** Unless the network doubles, no more comes out than went in. */
        private void checkNothingWasMade() {
            if (!mayDouble()) {
                assertThat(proxy.totals().get(Counter.DATAGRAMS_TO_UPSTREAM))
                        .as(what)
                        .isLessThanOrEqualTo(sentToProxy);
            }
        }

        /** What was read was relayed or dropped, and counted once, unless it was doubled here. */
        private void checkAllIsCounted() {
            Totals totals = proxy.totals();
            long counted = totals.get(Counter.DATAGRAMS_TO_UPSTREAM) + totals.get(Counter.DATAGRAMS_TO_CLIENT);
            for (DropReason reason : DropReason.values()) {
                counted += totals.get(reason);
            }
            if (rules.mayDouble()) {
                assertThat(counted).as("%s: counted", what).isGreaterThanOrEqualTo(network.datagramsRead());
            } else {
                assertThat(counted).as("%s: counted", what).isEqualTo(network.datagramsRead());
            }
        }
    }
}
