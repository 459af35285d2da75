package dev.sluice.examples.fault;

import static dev.sluice.FaultRule.toClient;
import static dev.sluice.FaultRule.toUpstream;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningFault;
import dev.sluice.RunningRoute;
import dev.sluice.fault.Fault;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/**
 * A DNS client, dnsjava, whose datagrams are lost, late, doubled or cut.
 *
 * <p>What is learnt: {@code SimpleResolver} asks once. {@code ExtendedResolver} asks again after the timeout of an
 * attempt (dnsjava looks at its timeouts once a second), and from another port each time, so that nothing that comes
 * late or twice is taken for an answer to something else. No number of attempts helps where each answer comes later
 * than the timeout of one. An answer that was cut on its way, rather than by a server that says so, is an error and
 * not asked for over TCP.
 *
 * <p>To the proxy each port is a session of its own, and so is each attempt: {@code lossEvery(2)}, which counts the
 * datagrams of a session, never loses one, {@code first(1)} is the first attempt, and with a seed the same attempts
 * are lost each time.
 */
@Timeout(60)
class DnsFaultsTest {
    private static final Duration ATTEMPT = ofMillis(300);

    @AutoClose
    private final DnsServer server = new DnsServer();

    @AutoClose
    private final ProxyServer proxy =
            ProxyServer.start(Route.udp("dns").listen("127.0.0.1", 0).to(server.address()));

    private final RunningRoute dns = proxy.route("dns");

    private SimpleResolver once(Duration timeout) {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress("127.0.0.1", dns.port()));
        resolver.setTimeout(timeout);
        return resolver;
    }

    private ExtendedResolver attempts(int n) {
        ExtendedResolver resolver = new ExtendedResolver(List.of(once(ATTEMPT)));
        resolver.setRetries(n);
        resolver.setTimeout(ofMinutes(1));
        return resolver;
    }

    private static String address(Resolver resolver, int host) throws IOException {
        Record question = Record.newRecord(Name.fromString(host + ".example."), Type.A, DClass.IN);
        Message answer = resolver.send(Message.newQuery(question));
        return answer.getSection(Section.ANSWER).get(0).rdataToString();
    }

    @Test
    void aQuestionThatIsLostIsAskedAgainAfterTheTimeoutOfOneAttempt() throws IOException {
        dns.faults().apply(toUpstream(Fault.loss(1)).first(1));
        long begun = System.nanoTime();

        assertThat(address(attempts(20), 7)).isEqualTo("10.0.0.7");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(ATTEMPT);
    }

    @Test
    void aResolverThatAsksOnceFails() {
        dns.faults().apply(toUpstream(Fault.loss(1)).first(1));

        assertThatThrownBy(() -> address(once(ATTEMPT), 7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("imed out");
    }

    @Test
    void attemptsOutliveHeavyLoss() throws IOException {
        RunningFault loss = dns.faults().apply(toClient(Fault.loss(0.3)).seed(1));

        for (int host = 1; host <= 10; host++) {
            assertThat(address(attempts(20), host)).isEqualTo("10.0.0." + host);
        }
        assertThat(loss.flows()).isGreaterThan(10);
    }

    @Test
    void eachAttemptIsASessionOfItsOwn() throws IOException {
        RunningFault loss = dns.faults().toClient(Fault.lossEvery(2));

        assertThat(address(once(ofMinutes(1)), 7)).isEqualTo("10.0.0.7");
        assertThat(address(once(ofMinutes(1)), 8)).isEqualTo("10.0.0.8");
        assertThat(loss.flows()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void noNumberOfAttemptsHelpsWhereEachAnswerIsLaterThanTheTimeoutOfOne() {
        dns.faults().toClient(Fault.latency(ofSeconds(50)));

        assertThatThrownBy(() -> address(attempts(3), 7))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("imed out");
        // it had answered each of them
        assertThat(server.answered()).isEqualTo(3);
    }

    @Test
    void anAnswerThatIsLateIsNotTakenForAnother() throws Exception {
        dns.faults().apply(toClient(Fault.latency(ofSeconds(3))).first(1));

        assertThat(address(attempts(20), 7)).isEqualTo("10.0.0.7");
        assertThat(address(attempts(20), 8)).isEqualTo("10.0.0.8");
        dns.await(counters -> counters.datagramsToClient() >= 3, ofSeconds(30));
        assertThat(address(attempts(20), 9)).isEqualTo("10.0.0.9");
    }

    @Test
    void answersThatComeTwiceAreTakenOnce() throws Exception {
        dns.faults().bothWays(Fault.duplicate(1));

        assertThat(address(attempts(20), 7)).isEqualTo("10.0.0.7");
        assertThat(address(attempts(20), 8)).isEqualTo("10.0.0.8");
        dns.await(counters -> counters.datagramsToUpstream() >= 4, ofSeconds(30));
    }

    @Test
    void anAnswerThatIsCutIsAnErrorAndNotAskedForOverTcp() {
        dns.faults().toClient(Fault.truncate(30));

        assertThatThrownBy(() -> address(once(ofMinutes(1)), 7)).isInstanceOf(IOException.class);
    }

    @Test
    void aPortThatIsClosedIsNoticedWithoutATimeout() {
        dns.faults().listening(Fault.refuse());

        assertThatThrownBy(() -> address(once(ofMinutes(10)), 7)).isInstanceOf(PortUnreachableException.class);
    }
}
