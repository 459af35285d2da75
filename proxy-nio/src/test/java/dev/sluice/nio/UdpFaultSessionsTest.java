package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.Direction;
import dev.sluice.DropReason;
import dev.sluice.FaultRule;
import dev.sluice.RunningFault;
import dev.sluice.UdpRoute;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.HeldResolver;
import dev.sluice.nio.testkit.NettyHeader;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Faults, and what else a session does: its end, its upstream's name, its header. */
class UdpFaultSessionsTest {
    private static final String NAME = "dns.example";
    private static final Duration SHORT = Duration.ofMillis(50);
    private static final Duration LONG = Duration.ofHours(1);

    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private final HeldResolver resolver = new HeldResolver();

    private static FaultRule rule(Direction direction, Fault first, Fault... more) {
        return direction == Direction.TO_CLIENT ? FaultRule.toClient(first, more) : FaultRule.toUpstream(first, more);
    }

    private StartedProxy named(UdpServer server, FaultRule... rules) {
        resolver.knows(NAME, Family.IPV4.address()).holds(NAME);
        return udp.start(
                builder -> builder.resolver(resolver),
                Udp.route().faults(rules).to(NAME + ":" + server.address().getPort()));
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void faultsFromTheStartMeetTheFirstDatagram(Direction direction) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(
                Udp.route().faults(rule(direction, Fault.lossEvery(2))).to(server.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 4; i++) {
            client.send(proxy.address(), "datagram " + i);
        }
        client.expect("datagram 0", proxy.address()).expect("datagram 2", proxy.address());

        Await.until("two are lost", () -> proxy.metrics().drops(DropReason.FAULT) == 2);
        assertThat(server.heard()).hasSize(direction == Direction.TO_CLIENT ? 4 : 2);
        assertThat(proxy.route().faults().running()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aLateAnswerStillComesAndThenTheSessionHasBeenAnswered(Direction direction) throws Exception {
        UdpServer server = udp.echo();
        UdpRoute route = Udp.route().requests(1).responses(1).to(server.hostPort());
        StartedProxy proxy = udp.start(route);
        proxy.route().faults().apply(rule(direction, Fault.latency(SHORT)));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 3; i++) {
            long begun = System.nanoTime();
            client.exchange(proxy.address(), "question " + i);
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(SHORT);
        }

        assertThat(proxy.log().awaitEnds(3)).allMatch(end -> end.reason() == CloseReason.ANSWERED);
        assertThat(proxy.log().ended()).allMatch(end -> end.bytesToClient() == "question 0".length());
    }

    @Test
    void anAnswerThatIsStalledComesWhenTheRuleIsUndoneAndThenTheSessionHasBeenAnswered() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(1).responses(1).to(server.hostPort()));
        RunningFault stall = proxy.route().faults().toClient(Fault.stall());
        UdpPeer client = udp.peer().send(proxy.address(), "question");
        Await.until("it is held", () -> proxy.server().metrics().bufferBytesHeld() > 0);
        assertThat(proxy.log().ended()).isEmpty();

        stall.close();

        client.expect("question", proxy.address());
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.ANSWERED);
    }

    /** The second answer is on its way when the first ends the session, and so is what the upstream was to get. */
    @Test
    void anAnsweredSessionWaitsForWhatBothDirectionsHold() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().requests(2).responses(0).to(upstream.hostPort()));
        RunningFault up = proxy.route().faults().toUpstream(Fault.stall());
        RunningFault down = proxy.route().faults().toClient(Fault.stall());
        UdpPeer client = udp.peer().send(proxy.address(), "a").send(proxy.address(), "b");
        proxy.awaitTurn();
        Await.until("they are held", () -> proxy.server().metrics().bufferBytesHeld() > 0);

        down.close();
        assertThat(proxy.metrics().active()).isOne();
        up.close();

        upstream.expect("a");
        upstream.expect("b");
        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.ANSWERED);
        assertThat(client.isClosed()).isFalse();
    }

    @Test
    void anAnswerThatIsLostWasAnAnswerAllTheSame() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route()
                .requests(1)
                .responses(1)
                .faults(FaultRule.toClient(Fault.loss(1)))
                .to(server.hostPort()));
        udp.peer().send(proxy.address(), "question");

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.ANSWERED);
        assertThat(proxy.metrics().drops(DropReason.FAULT)).isOne();
    }

    @Test
    void whatWaitsForANameMeetsTheFaultsOnceItIsKnown() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = named(server, FaultRule.toUpstream(Fault.lossEvery(2), Fault.rebind()));
        UdpPeer client = udp.peer();
        for (int i = 0; i < 4; i++) {
            client.send(proxy.address(), "datagram " + i);
        }
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);
        resolver.release(NAME);

        client.expect("datagram 0", proxy.address()).expect("datagram 2", proxy.address());
        assertThat(server.texts()).containsExactly("datagram 0", "datagram 2");
        assertThat(server.clients()).hasSize(1);
        Await.until("two are lost", () -> proxy.metrics().drops(DropReason.FAULT) == 2);
    }

    @Test
    void aRuleThatComesAndGoesDuringALookUpHoldsNothingUp() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = named(server);
        UdpPeer client = udp.peer().send(proxy.address(), "one");
        Await.until("it is asked", () -> resolver.asked(NAME) == 1);
        proxy.route().faults().toUpstream(Fault.rebind(), Fault.stall()).close();
        RunningFault stays = proxy.route().faults().toUpstream(Fault.latency(SHORT));
        resolver.release(NAME);

        client.expect("one", proxy.address());
        assertThat(stays.flows()).isOne();
    }

    @Test
    void aSessionEndedWhileANameIsLookedUpUnderAFaultLeavesNothing() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = named(server, FaultRule.bothWays(Fault.latency(LONG)));
        udp.peer().send(proxy.address(), "waits");
        Await.until("it waits", () -> proxy.server().metrics().bufferBytesHeld() == "waits".length());

        Udp.endSessions(proxy);

        proxy.log().awaitEnd();
        assertThat(proxy.metrics().drops(DropReason.DRAINING)).isOne();
        resolver.release(NAME);
    }

    @Test
    void theHeaderIsWholeBeforeWhateverTheFaultsLeaveOfThePayload() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(Udp.route()
                .sendProxyProtocol(true)
                .faults(FaultRule.toUpstream(Fault.latency(SHORT), Fault.duplicate(1), Fault.truncate(3)))
                .to(server.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "abcdef").send(proxy.address(), "uvwxyz");

        for (String payload : new String[] {"abc", "abc", "uvw", "uvw"}) {
            assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header(client, proxy) + payload);
        }
    }

    @Test
    void theLengthOfATruncationIsThatOfThePayload() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(Udp.route()
                .sendProxyProtocol(true)
                .faults(FaultRule.toUpstream(Fault.truncate(3)))
                .to(server.hostPort()));
        UdpPeer client = udp.peer().send(proxy.address(), "abcdef");

        assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header(client, proxy) + "abc");
    }

    @Test
    void corruptionIsOfThePayloadNotOfTheHeader() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(Udp.route()
                .sendProxyProtocol(true)
                .faults(FaultRule.toUpstream(Fault.duplicate(1), Fault.corrupt(1)))
                .to(server.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 20; i++) {
            client.send(proxy.address(), "p");
            for (int j = 0; j < 2; j++) {
                byte[] received = server.receive().payload();
                int last = received.length - 1;
                assertThat(Integer.bitCount(received[last] & 0xff ^ 'p')).isOne();
                received[last] = 'p';
                assertThat(NettyHeader.decode(received)).isEqualTo(header(client, proxy) + "p");
            }
        }
    }

    /** It is for the first that the upstream gets, not for the first that the client sends. */
    @Test
    void theHeaderOfTheFirstIsNotLostWithADatagram() throws Exception {
        UdpPeer server = udp.peer();
        StartedProxy proxy = udp.start(Udp.route()
                .sendProxyProtocol(false)
                .faults(FaultRule.toUpstream(Fault.lossIf(payload -> payload.get(0) == 'x')))
                .to(server.hostPort()));
        UdpPeer client = udp.peer();
        client.send(proxy.address(), "x").send(proxy.address(), "one").send(proxy.address(), "two");

        assertThat(NettyHeader.decode(server.receive().payload())).isEqualTo(header(client, proxy) + "one");
        server.expect("two");
    }

    private static String header(UdpPeer client, StartedProxy proxy) {
        return "V2 UDP4 127.0.0.1:" + client.address().getPort() + " > 127.0.0.1:"
                + proxy.address().getPort() + " []\n";
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aServerThatIsClosedHoldsNothingOfASessionUnderFaults(Direction direction) throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = bed.start(Udp.route()
                .faults(rule(direction, Fault.reorder(1).longest(LONG), Fault.latency(LONG)))
                .to(server.hostPort()));
        for (int i = 0; i < 3; i++) {
            udp.peer().send(proxy.address(), "a").send(proxy.address(), "b");
        }
        Await.until(
                "three hold something",
                () -> proxy.metrics().active() == 3 && proxy.server().metrics().bufferBytesHeld() >= 6);

        List<RunningFault> running = proxy.route().faults().running();
        proxy.server().close();

        assertThat(proxy.server().metrics().bufferBytesHeld()).isZero();
        running.forEach(RunningFault::close);
    }
}
