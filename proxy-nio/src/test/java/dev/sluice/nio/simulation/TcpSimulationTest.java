package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Cidr;
import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.FlowEnd;
import dev.sluice.Leaving;
import dev.sluice.ProxyProtocol;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Transport;
import dev.sluice.Upstream;
import dev.sluice.nio.header.HeaderWriter;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.tcp.TcpListener;
import dev.sluice.nio.upstream.Group;
import dev.sluice.nio.upstream.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The real listener, connection, dial and pipes on an unlucky network, thousands of steps for hundreds of seeds.
 *
 * <p>One seed is run again with {@code -Dsluice.simulation.seed=N}.
 */
class TcpSimulationTest {
    private static final int STEPS = 2_000;
    private static final Duration SHORT_OF_A_DELIVERY = Duration.ofMillis(250);
    private static final InetSocketAddress PROXY = new InetSocketAddress("10.0.0.1", 80);

    @Test
    void nothingIsLostDoubledOrLeftWhateverTheNetworkDoes() throws IOException {
        Map<CloseReason, Long> reached = new EnumMap<>(CloseReason.class);
        for (long seed : Seeds.all()) {
            try {
                new Run(seed).play(reached);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("TCP simulation, seed " + seed + ": " + e.getMessage(), e);
            }
        }

        if (Seeds.areAll()) {
            assertThat(reached)
                    .as("endings that the seeds together must reach")
                    .containsKeys(
                            CloseReason.DONE,
                            CloseReason.CLIENT_RESET,
                            CloseReason.UPSTREAM_RESET,
                            CloseReason.IDLE,
                            CloseReason.HALF_CLOSED,
                            CloseReason.CONNECT_REFUSED,
                            CloseReason.CONNECT_TIMEOUT,
                            CloseReason.LOCAL_RESOURCES,
                            CloseReason.LIMIT_ROUTE,
                            CloseReason.UPSTREAM_REMOVED,
                            CloseReason.NO_UPSTREAM,
                            CloseReason.BAD_HEADER,
                            CloseReason.PREFACE_TIMEOUT,
                            CloseReason.CLOSED_BY_USER,
                            CloseReason.FAULT);
        }
    }

    /** One seed. */
    private static final class Run {
        private final Random random;
        private final String what;
        /** The far ends read on, and time hardly passes: then not even a reset may overtake what was sent before it. */
        private final boolean patient;

        private final SimulatedNetwork network;
        private final SimulatedWorker proxy;
        private final TcpRoute route;
        private final Group group;
        private final TcpListener listener;
        private final List<PeerListener> servers = new ArrayList<>();
        private final Map<InetSocketAddress, StreamActor> clients = new LinkedHashMap<>();
        private final List<StreamActor> upstreams = new ArrayList<>();
        private final List<Upstream> addresses = new ArrayList<>();
        private final Map<InetSocketAddress, Flow> closedByUser = new LinkedHashMap<>();
        /** Each flow that there was, by its client. */
        private final Map<InetSocketAddress, Flow> flows = new LinkedHashMap<>();
        /** Rules are at work that lose some of what is sent. */
        private final boolean lossy;

        private final StreamRules rules;
        private final boolean hasRules;
        private int numbers;

        Run(long seed) throws IOException {
            random = Seeds.random(seed);
            what = "seed " + seed;
            patient = random.nextBoolean();
            network = new SimulatedNetwork(seed, Faults.none(), KernelBuffers.random(random));
            proxy = new SimulatedWorker(what, network, 1 + random.nextInt(12));
            int count = 1 + random.nextInt(4);
            for (int i = 1; i <= count; i++) {
                InetSocketAddress address = new InetSocketAddress("10.0.1." + i, 8_000);
                addresses.add(
                        Upstream.of("10.0.1." + i + (random.nextBoolean() ? "" : SimulatedWorker.NAME) + ":8000"));
                if (random.nextInt(4) > 0) {
                    servers.add(network.listen(address));
                } else if (random.nextBoolean()) {
                    network.reach(address, Reach.SILENT);
                }
            }
            route = route();
            group = new Group(route.upstreams(), 1, change -> {});
            listener = proxy.listen(PROXY, route, group);
            network.faults(Faults.random(random, random.nextDouble() * 0.5));
            hasRules = random.nextBoolean();
            lossy = hasRules && random.nextInt(4) == 0;
            rules = new StreamRules(random, proxy, lossy);
        }

        private TcpRoute route() {
            Duration idle = patient ? Duration.ZERO : Duration.ofMillis(1 + random.nextInt(3_000));
            TcpRoute.Builder builder = Route.tcp("simulated").listen("10.0.0.1", 80);
            if (random.nextInt(3) == 0) {
                builder.expectProxyProtocol(Cidr.of("10.1.0.0/16"));
            }
            ProxyProtocol[] versions = {null, ProxyProtocol.V1, ProxyProtocol.V2};
            return builder.prefaceTimeout(Duration.ofMillis(1 + random.nextInt(500)))
                    .sendProxyProtocol(versions[random.nextInt(versions.length)])
                    .connectTimeout(Duration.ofMillis(1 + random.nextInt(200)))
                    .connectAttempts(1 + random.nextInt(3), Duration.ofMillis(200 + random.nextInt(600)))
                    .idleTimeout(idle)
                    .halfClosedTimeout(patient ? Duration.ZERO : Duration.ofMillis(1 + random.nextInt(2_000)))
                    .to(addresses.get(0), addresses.subList(1, addresses.size()).toArray(Upstream[]::new));
        }

        void play(Map<CloseReason, Long> reached) {
            for (int step = 0; step < STEPS; step++) {
                act();
                network.step();
                if (random.nextInt(4) > 0) {
                    proxy.turn();
                    collectFlows();
                }
                proxy.advance(Duration.ofNanos(random.nextInt(patient ? 100_000 : 20_000_000)));
                if (!lossy) {
                    checkEndsOfStream();
                }
            }
            if (patient && !lossy) {
                settle();
                checkNothingWasOvertaken();
                rules.endAll();
                for (int wait = 0; wait < 20; wait++) {
                    proxy.advance(SHORT_OF_A_DELIVERY);
                    settle();
                }
                checkNothingHangs();
            }
            rules.endAll();
            clients.values().forEach(StreamActor::leaveAtLast);
            upstreams.forEach(StreamActor::leaveAtLast);
            servers.forEach(PeerListener::close);
            proxy.rest();
            proxy.closeAndCheck(listener, group);
            proxy.ends().forEach(end -> reached.merge(end.reason(), 1L, Long::sum));
        }

        private void act() {
            servers.forEach(server -> {
                for (Peer peer = server.accept(); peer != null; peer = server.accept()) {
                    StreamHeader header = route.sentProxyProtocol() == null ? null : new StreamHeader();
                    upstreams.add(checked(StreamActor.upstream(++numbers, peer, header)));
                }
            });
            double impatience = patient ? 0.002 : 0.01;
            switch (random.nextInt(12)) {
                case 0 -> connect();
                case 1 -> rarely();
                case 2, 3, 4, 5, 6 -> clients.values().forEach(client -> client.act(random, impatience));
                default -> upstreams.forEach(upstream -> upstream.act(random, impatience));
            }
        }

        private void connect() {
            if (clients.values().stream().filter(client -> !client.isGone()).count() < 10) {
                InetSocketAddress from = new InetSocketAddress("10.1.0.1", 1_024 + clients.size());
                StreamActor client = StreamActor.client(++numbers, network.connect(from, PROXY), preface(from));
                clients.put(from, checked(client));
            }
        }

        private StreamActor checked(StreamActor actor) {
            if (lossy) {
                actor.reader().lossy();
            }
            return actor;
        }

        private void collectFlows() {
            List<Flow> live = new ArrayList<>();
            proxy.lane().collectInto(live);
            live.forEach(flow -> flows.put(flow.info().client(), flow));
        }

        private byte[] preface(InetSocketAddress from) {
            Parties parties = new Parties("", Transport.TCP, from, PROXY);
            HeaderWriter writer = new HeaderWriter(ProxyProtocol.values()[random.nextInt(2)], List.of());
            return route.trustedPeers().isEmpty() ? new byte[0] : writer.header(parties);
        }

        private void rarely() {
            switch (random.nextInt(40)) {
                case 0 -> network.faults(Faults.random(random, random.nextDouble() * 0.5));
                case 1 -> network.faults(Faults.none());
                case 2 -> {
                    List<Flow> flows = new ArrayList<>();
                    proxy.lane().collectInto(flows);
                    if (!flows.isEmpty() && !patient) {
                        endByUser(flows.get(random.nextInt(flows.size())));
                    }
                }
                case 3 -> changeUpstreams();
                case 4, 5, 6, 7, 8, 9 -> {
                    if (hasRules) {
                        rules.change();
                    }
                }
                default -> proxy.turn();
            }
        }

        private void endByUser(Flow flow) {
            if (random.nextBoolean()) {
                flow.reset();
            } else {
                closedByUser.put(flow.info().client(), flow);
                flow.close();
            }
        }

        private void changeUpstreams() {
            List<Upstream> some = new ArrayList<>(addresses);
            some.removeIf(upstream -> random.nextInt(3) == 0);
            Collection<Member> gone = group.update(some);
            Leaving leaving = random.nextBoolean() || patient ? Leaving.keep() : Leaving.close();
            proxy.lane().endFlowsOf(gone::contains, leaving, CloseReason.UPSTREAM_REMOVED);
        }

        /** An orderly end is the truth: the other side had ended, and everything it had sent has arrived. */
        private void checkEndsOfStream() {
            for (StreamActor upstream : upstreams) {
                if (upstream.peer().sawEnd() && upstream.reader().knowsWhose()) {
                    StreamActor client = numbered(upstream.reader().number());
                    assertThat(
                                    upstream.header() == null
                                            ? null
                                            : upstream.header().source())
                            .as("%s: whom %s is for", what, upstream.peer())
                            .isEqualTo(
                                    route.sentProxyProtocol() == null
                                            ? null
                                            : client.peer().localAddress());
                    Flow closed = cut(client.peer().localAddress());
                    checkComplete(upstream, client, closed == null ? null : closed.bytesToUpstream());
                }
            }
            for (StreamActor client : clients.values()) {
                if (client.peer().sawEnd() && client.reader().knowsWhose()) {
                    Flow closed = cut(client.peer().localAddress());
                    StreamActor upstream = numbered(client.reader().number());
                    checkComplete(client, upstream, closed == null ? null : closed.bytesToClient());
                }
            }
        }

        /** The flow of a client, if it may have been closed before all was sent. */
        private Flow cut(InetSocketAddress client) {
            return rules.mayCut() ? flows.get(client) : closedByUser.get(client);
        }

        /** Where the user or a fault closed the flow, what it had passed is complete; else all that the sender sent. */
        private void checkComplete(StreamActor receiver, StreamActor sender, Long passed) {
            assertThat(passed != null || sender.hasEnded() || sender.isGone())
                    .as("%s: %s saw the end of %s", what, receiver.peer(), sender.peer())
                    .isTrue();
            assertThat(receiver.reader().read())
                    .as("%s: %s saw the end of %s", what, receiver.peer(), sender.peer())
                    .isEqualTo(passed == null ? sender.sent() : passed);
        }

        private StreamActor numbered(int number) {
            return java.util.stream.Stream.concat(clients.values().stream(), upstreams.stream())
                    .filter(actor -> actor.number() == number)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(what + ": nobody is number " + number));
        }

        /** Everybody reads what there is, until nothing moves. */
        private void settle() {
            network.faults(Faults.none());
            for (int i = 0; i < 500; i++) {
                network.settle();
                proxy.turn();
                clients.values().forEach(actor -> actor.read(Integer.MAX_VALUE));
                upstreams.forEach(actor -> actor.read(Integer.MAX_VALUE));
            }
        }

        /** What the kernel took for a side that stayed and read has arrived there, though a reset came behind it. */
        private void checkNothingWasOvertaken() {
            for (FlowEnd end : proxy.ends()) {
                StreamActor client = clients.get(end.info().client());
                if (end.reason() == CloseReason.UPSTREAM_RESET && !client.isGone()) {
                    assertThat(client.reader().read())
                            .as("%s: what %s got of a flow that its upstream reset", what, client.peer())
                            .isEqualTo(end.bytesToClient());
                }
                if (end.reason() == CloseReason.CLIENT_RESET) {
                    upstreams.stream()
                            .filter(actor -> !actor.isGone() && actor.reader().knowsWhose())
                            .filter(actor -> actor.reader().number() == client.number())
                            .forEach(actor -> assertThat(actor.reader().read())
                                    .as("%s: what %s got of a flow that its client reset", what, actor.peer())
                                    .isEqualTo(end.bytesToUpstream()));
                }
            }
        }

        /** Once nothing holds it any more, all that a side has sent is with the other, and its end or a reset, too. */
        private void checkNothingHangs() {
            for (StreamActor client : clients.values()) {
                for (StreamActor upstream : upstreams) {
                    if (client.hears(upstream) || upstream.hears(client)) {
                        upstream.checkHeardAllOf(client, what);
                        client.checkHeardAllOf(upstream, what);
                    }
                }
            }
        }
    }
}
