package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Direction;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.DatagramPath;
import dev.sluice.nio.testkit.OpenSockets;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Upstreams see a session come from another port. */
class UdpRebindingTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);
    private DatagramPath path;

    @BeforeEach
    void open() throws Exception {
        path = DatagramPath.open(udp, Direction.TO_UPSTREAM);
    }

    /** Where the upstream sees this come from. */
    private InetSocketAddress sourceOf(String text) throws Exception {
        return path.send(text).upstream().expect(text).from();
    }

    @Test
    void theSourceChangesOnceWithTheNextDatagram() throws Exception {
        path.under(Fault.rebind());

        InetSocketAddress next = sourceOf("one");

        assertThat(next.getAddress()).isEqualTo(path.session().getAddress());
        assertThat(next).isNotEqualTo(path.session());
        for (int i = 0; i < 10; i++) {
            assertThat(sourceOf("more " + i)).isEqualTo(next);
        }
        assertThat(path.proxy().metrics().opened()).as("sessions").isOne();
    }

    @Test
    void answersFindTheirWayFromTheNewPortAndAreLostAtTheOld() throws Exception {
        path.upstream().send(path.session(), "before");
        path.client().expect("before", path.proxy().address());
        path.under(Fault.rebind());
        InetSocketAddress next = sourceOf("question");

        path.upstream().send(path.session(), "to the old").send(next, "to the new");

        path.client().expect("to the new", path.proxy().address());
        Await.until("it is counted", () -> path.proxy().metrics().datagramsToClient() == 2);
    }

    @Test
    void aSessionThatBeginsUnderTheFaultIsSeenAtOnePort() throws Exception {
        path.under(Fault.rebind());
        UdpPeer other = udp.peer().send(path.proxy().address(), "first");
        InetSocketAddress source = path.upstream().expect("first").from();

        other.send(path.proxy().address(), "second");

        assertThat(path.upstream().expect("second").from()).isEqualTo(source);
        path.upstream().send(source, "answer");
        other.expect("answer", path.proxy().address());
    }

    @Test
    void theSourceChangesAgainEachTimeThatTheIntervalHasPassed() throws Exception {
        Duration interval = Duration.ofMillis(50);
        path.under(Fault.rebind().every(interval));
        assertThat(sourceOf("first under the fault")).isEqualTo(path.session());
        InetSocketAddress last = path.session();
        long changed = System.nanoTime();

        for (int changes = 0; changes < 3; ) {
            long sent = System.nanoTime();
            InetSocketAddress source = sourceOf("again");
            if (!source.equals(last)) {
                changes++;
                // The first interval begins with a datagram that was sent a little before it is measured from.
                assertThat(changes == 1 || System.nanoTime() - changed >= interval.toNanos())
                        .isTrue();
                last = source;
                changed = sent;
            }
        }
    }

    @Test
    void aDatagramIsNotLostThatIsHeldWhenTheSourceChanges() throws Exception {
        path.under(Fault.latency(Duration.ofMillis(50)), Fault.rebind());

        path.send("one").send("two");
        InetSocketAddress next = path.upstream().expect("one").from();

        assertThat(next).isNotEqualTo(path.session());
        assertThat(path.upstream().expect("two").from()).isEqualTo(next);
    }

    @Test
    void anotherRuleChangesTheSourceOnceMore() throws Exception {
        path.under(Fault.rebind()).close();
        assertThat(sourceOf("undone before it met any")).isEqualTo(path.session());
        path.under(Fault.rebind());
        InetSocketAddress second = sourceOf("two");
        path.under(Fault.rebind());

        assertThat(sourceOf("three")).isNotIn(path.session(), second);
    }

    @Test
    void noSocketIsLeftOfThePortsBefore() throws Exception {
        path.under(Fault.rebind().every(Duration.ofNanos(1)));
        sourceOf("first under the fault");
        int before = OpenSockets.count();
        Set<InetSocketAddress> sources = new HashSet<>();

        for (int i = 0; i < 50; i++) {
            sources.add(sourceOf("datagram " + i));
        }

        assertThat(sources).hasSizeGreaterThan(25);
        Await.until("all but one are closed", () -> OpenSockets.count() <= before);
    }
}
