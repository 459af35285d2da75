package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.CloseReason;
import dev.sluice.FlowEnd;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import dev.sluice.nio.testkit.Udp;
import dev.sluice.nio.testkit.UdpPeer;
import dev.sluice.nio.testkit.UdpServer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions that end by counting requests and answers. */
class UdpExchangeTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private final Udp udp = new Udp(bed);

    @Test
    void oneQuestionAndOneAnswerAreASession() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(1).responses(1).to(server.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 3; i++) {
            client.exchange(proxy.address(), "question " + i);
        }

        List<FlowEnd> ends = proxy.log().awaitEnds(3);
        assertThat(ends).extracting(FlowEnd::reason).containsOnly(CloseReason.ANSWERED);
        assertThat(proxy.metrics().opened()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void fiveQueriesInFlightGetFiveAnswers(int workers) throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(
                builder -> builder.workers(workers),
                Udp.route().requests(1).responses(1).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 5; i++) {
            client.send(proxy.address(), "query " + i);
        }
        List<UdpPeer.Datagram> queries = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            queries.add(upstream.expect("query " + i));
        }
        assertThat(proxy.metrics().active()).isEqualTo(5);
        // Answered in the opposite order, each to the session that asked.
        for (int i = 4; i >= 0; i--) {
            upstream.send(queries.get(i).from(), "answer " + i);
            client.expect("answer " + i, proxy.address());
        }

        assertThat(queries).extracting(UdpPeer.Datagram::from).doesNotHaveDuplicates();
        assertThat(proxy.log().awaitEnds(5)).extracting(FlowEnd::reason).containsOnly(CloseReason.ANSWERED);
    }

    @Test
    void afterItsLastRequestASessionStillAwaitsItsAnswers() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().requests(2).responses(2).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "a").send(proxy.address(), "b").send(proxy.address(), "c");
        InetSocketAddress first = upstream.expect("a").from();
        assertThat(upstream.expect("b").from()).isEqualTo(first);
        InetSocketAddress second = upstream.expect("c").from();
        assertThat(second).isNotEqualTo(first);

        for (int i = 1; i <= 4; i++) {
            upstream.send(first, "answer " + i);
            client.expect("answer " + i, proxy.address());
        }

        FlowEnd end = proxy.log().awaitEnd();
        assertThat(end.reason()).isEqualTo(CloseReason.ANSWERED);
        assertThat(end.bytesToUpstream()).isEqualTo(2);
        assertThat(proxy.metrics().active()).isEqualTo(1);
    }

    /** The answers awaited are those to the requests sent so far: two for one request, then the session is over. */
    @Test
    void withoutALimitOnRequestsTheLastAnswerAwaitedEndsTheSession() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().responses(2).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "a").send(proxy.address(), "b");
        InetSocketAddress session = upstream.expect("a").from();
        assertThat(upstream.expect("b").from()).isEqualTo(session);
        for (int i = 1; i <= 3; i++) {
            upstream.send(session, "answer " + i);
            client.expect("answer " + i, proxy.address());
        }
        assertThat(proxy.metrics().active()).isEqualTo(1);
        upstream.send(session, "answer 4");
        client.expect("answer 4", proxy.address());

        assertThat(proxy.log().awaitEnd().reason()).isEqualTo(CloseReason.ANSWERED);
        client.send(proxy.address(), "c");
        assertThat(upstream.expect("c").from()).isNotEqualTo(session);
    }

    @Test
    void withNoAnswerAwaitedEachDatagramIsASessionOfItsOwn() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().responses(0).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        client.send(proxy.address(), "line 1").send(proxy.address(), "line 2");

        upstream.expect("line 1");
        upstream.expect("line 2");
        assertThat(proxy.log().awaitEnds(2)).extracting(FlowEnd::reason).containsOnly(CloseReason.ANSWERED);
        assertThat(proxy.metrics().datagramsToUpstream()).isEqualTo(2);
    }

    @Test
    void withNoAnswerAwaitedASessionTakesAsManyRequestsAsItMay() throws Exception {
        UdpPeer upstream = udp.peer();
        StartedProxy proxy = udp.start(Udp.route().requests(3).responses(0).to(upstream.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 7; i++) {
            client.send(proxy.address(), "line");
        }
        List<InetSocketAddress> sessions = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            sessions.add(upstream.expect("line").from());
        }

        assertThat(proxy.log().awaitEnds(2)).extracting(FlowEnd::reason).containsOnly(CloseReason.ANSWERED);
        assertThat(sessions.subList(0, 3)).containsOnly(sessions.get(0));
        assertThat(sessions.subList(3, 6)).containsOnly(sessions.get(3));
        assertThat(proxy.metrics().opened()).isEqualTo(3);
        assertThat(proxy.metrics().active()).isEqualTo(1);
    }

    @Test
    void requestsAreCountedWhereNoEndIsSetToAnswers() throws Exception {
        UdpServer server = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(2).to(server.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 4; i++) {
            client.exchange(proxy.address(), "request " + i);
        }

        assertThat(server.clients()).hasSize(2);
        assertThat(proxy.metrics().active()).as("they end by idleness").isEqualTo(2);
    }

    /** A new session may go to another upstream, so that queries are balanced one by one. */
    @Test
    void eachQueryIsBalancedAnew() throws Exception {
        UdpServer one = udp.echo();
        UdpServer two = udp.echo();
        StartedProxy proxy = udp.start(Udp.route().requests(1).responses(1).to(one.hostPort(), two.hostPort()));
        UdpPeer client = udp.peer();

        for (int i = 0; i < 10; i++) {
            client.exchange(proxy.address(), "query");
        }

        assertThat(one.heard()).hasSize(5);
        assertThat(two.heard()).hasSize(5);
    }
}
