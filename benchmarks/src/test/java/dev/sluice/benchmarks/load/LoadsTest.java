package dev.sluice.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.benchmarks.load.BulkLoad.Direction;
import dev.sluice.benchmarks.upstream.Service;
import dev.sluice.benchmarks.upstream.UpstreamProcess;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each load does its work, counts it, and leaves nothing under way; here without a relay. */
@Timeout(60)
class LoadsTest {
    private static final Duration SHORT = Duration.ofMillis(100);

    private static UpstreamProcess upstream;

    @BeforeAll
    static void start() throws IOException {
        upstream = UpstreamProcess.start();
    }

    @AfterAll
    static void end() throws IOException {
        upstream.close();
    }

    private static Target target(Service service) {
        return new Target(upstream.address(service), upstream::received);
    }

    private static void expectAnswers(Outcome outcome) {
        assertThat(outcome.units()).isPositive();
        assertThat(outcome.lost()).isZero();
        assertThat(outcome.nanos()).isGreaterThanOrEqualTo(SHORT.toNanos());
        assertThat(outcome.latency().getTotalCount()).isGreaterThanOrEqualTo(outcome.units());
        assertThat(outcome.latency().getMinValue()).isPositive();
    }

    @Test
    void requestsGoRoundOverAllConnections() throws IOException {
        try (RequestLoad load = new RequestLoad(target(Service.ECHO), 30, 3, 1_024)) {
            expectAnswers(load.run(SHORT));
            expectAnswers(load.run(SHORT));
        }
    }

    @Test
    void allConnectionsAreUsedBeforeTheClockStarts() throws IOException {
        try (RequestLoad load = new RequestLoad(target(Service.ECHO), 300, 2, 64)) {
            load.settle();
            expectAnswers(load.run(SHORT));
        }
    }

    @Test
    void aRunWithoutTimeSendsOneRequestEach() throws IOException {
        try (RequestLoad load = new RequestLoad(target(Service.ECHO), 30, 30, 64)) {
            assertThat(load.run(Duration.ZERO).units()).isEqualTo(30);
        }
    }

    @Test
    void requestsOfAnUpstreamThatEndsFail() throws IOException {
        try (RequestLoad load = new RequestLoad(target(Service.ECHO_ONCE), 1, 1, 64)) {
            assertThatThrownBy(() -> load.run(SHORT)).hasMessageContaining("ended");
        }
    }

    @Test
    void pacedRequestsKeepTheirRate() throws IOException {
        try (PacedLoad load = new PacedLoad(target(Service.ECHO), 5, 64, 2_000)) {
            Outcome outcome = load.run(SHORT);

            assertThat(outcome.units()).isEqualTo(200);
            assertThat(outcome.lost()).isZero();
            assertThat(outcome.latency().getTotalCount()).isEqualTo(200);
        }
    }

    /** What is due is lost without an answer, however long the generator waits. */
    @Test
    void pacedRequestsThatAreNotAnsweredAreLost() throws IOException {
        try (PacedLoad load = new PacedLoad(target(Service.SINK), 5, 64, 1_000)) {
            Outcome outcome = load.run(SHORT);

            assertThat(outcome.units()).isZero();
            assertThat(outcome.lost()).isEqualTo(100);
        }
    }

    @Test
    void eachVisitHasAConnectionOfItsOwn() throws IOException {
        try (ChurnLoad load = new ChurnLoad(target(Service.ECHO_ONCE), 4, 64)) {
            expectAnswers(load.run(SHORT));
        }
    }

    @Test
    void aVisitThatIsRefusedFails() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(socket.getInetAddress(), socket.getLocalPort());
        }
        try (ChurnLoad load = new ChurnLoad(new Target(nobody, () -> 0), 1, 64)) {
            assertThatThrownBy(() -> load.run(SHORT)).isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesGoEitherWay(Direction direction) throws IOException {
        Service service = direction == Direction.DOWN ? Service.SOURCE : Service.SINK;
        try (BulkLoad load = new BulkLoad(target(service), 2, direction)) {
            assertThat(load.run(SHORT).units()).isGreaterThan(1 << 20);
        }
    }

    @Test
    void datagramsAreAnswered() throws IOException {
        try (DatagramLoad load = new DatagramLoad(target(Service.DATAGRAM_ECHO), 10, 1_200)) {
            expectAnswers(load.run(SHORT));
            expectAnswers(load.run(SHORT));
        }
    }

    @Test
    void datagramsThatAreNotAnsweredAreLost() throws IOException {
        try (DatagramLoad load = new DatagramLoad(target(Service.DATAGRAM_SINK), 3, 64)) {
            Outcome outcome = load.run(Duration.ZERO);

            assertThat(outcome.units()).isZero();
            assertThat(outcome.lost()).isEqualTo(3);
            assertThat(outcome.latency().getMinValue())
                    .isGreaterThan(Duration.ofMillis(400).toNanos());
        }
    }

    @Test
    void aFloodCountsWhatArrives() throws IOException {
        try (FloodLoad load = new FloodLoad(target(Service.DATAGRAM_SINK), 2, 64)) {
            long before = upstream.received();
            Outcome outcome = load.run(SHORT);

            assertThat(outcome.units()).isPositive().isEqualTo(upstream.received() - before);
            assertThat(outcome.lost()).isNotNegative();
        }
    }

    /** A stall of one of two clients that ask every 10 ms stands for the requests that it has not sent meanwhile. */
    @Test
    void aStallInAClosedLoopCountsForTheRequestsThatItHeldUp() {
        Histogram latency = Outcome.histogram();
        for (int i = 0; i < 99; i++) {
            Outcome.record(latency, Duration.ofMillis(1).toNanos());
        }
        Outcome.record(latency, Duration.ofMillis(100).toNanos());

        Outcome outcome =
                Outcome.closedLoop(latency, 100, Duration.ofMillis(500).toNanos(), 0, 2);

        assertThat(outcome.units()).isEqualTo(100);
        assertThat(outcome.latency().getTotalCount()).isEqualTo(109);
    }
}
