package dev.sluice.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.sluice.Transport;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each contender that can run here relays, tells what it uses, and goes. */
@Timeout(60)
class ContendersTest {
    private static final byte[] WORDS = "a few bytes".getBytes(UTF_8);
    private static final int PATIENCE_MILLIS = 10_000;

    private static final Executables NOWHERE = new Executables(List.of());

    static Stream<Arguments> relays() {
        return Contenders.all().stream()
                .flatMap(contender -> Stream.of(Transport.values())
                        .filter(contender::carries)
                        .map(transport ->
                                Arguments.argumentSet(contender.name() + " " + transport, contender, transport)));
    }

    static Stream<Contender> servers() {
        return Stream.of(HaproxyContender.variants(NOWHERE), NginxContender.variants(NOWHERE))
                .flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("relays")
    void aContenderRelaysAndLeavesNothingBehind(Contender contender, Transport transport) throws IOException {
        assumeThat(contender.missing()).isEmpty();

        List<ProcessHandle> processes;
        try (EchoUpstream upstream = EchoUpstream.open(transport);
                Relay relay = contender.start(transport, upstream.address())) {
            processes = ProcessHandle.current().descendants().toList();

            assertThat(exchange(transport, relay.port())).isEqualTo(WORDS);
            if (!(contender instanceof Direct)) {
                assertThat(processes).isNotEmpty();
                assertThat(relay.resident()).isPositive();
            }
            assertThat(relay.cpu()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            assertThat(relay.compileMillis() > 0).isEqualTo(contender instanceof JavaContender);
        }

        assertThat(processes).noneMatch(ProcessHandle::isAlive);
    }

    @ParameterizedTest
    @MethodSource("servers")
    void aMissingServerSaysHowToInstallIt(Contender server) {
        String program = server.name().replaceAll("-.*", "");

        assertThat(server.missing())
                .hasValueSatisfying(
                        why -> assertThat(why).contains(program + " is not on the PATH", "apt-get install " + program));
    }

    @Test
    void aServerThatDoesNotComeUpIsToldWithItsOwnWords() throws IOException {
        Executables executables = Executables.onPath();
        Contender broken = new HaproxyContender("haproxy", "no-such-word", "", executables);
        assumeThat(broken.missing()).isEmpty();

        try (EchoUpstream upstream = EchoUpstream.open(Transport.TCP)) {
            assertThatThrownBy(() -> broken.start(Transport.TCP, upstream.address()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContainingAll("ended with 1", "no-such-word");
        }
    }

    @Test
    void namesAreDistinctAndOursComesFirst() {
        List<String> names = Contenders.all().stream().map(Contender::name).toList();

        assertThat(names).doesNotHaveDuplicates().startsWith("sluice").endsWith("direct");
    }

    private static byte[] exchange(Transport transport, int port) throws IOException {
        return transport == Transport.TCP ? overTcp(port) : overUdp(port);
    }

    private static byte[] overTcp(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(WORDS);
            return socket.getInputStream().readNBytes(WORDS.length);
        }
    }

    private static byte[] overUdp(int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(InetAddress.getLoopbackAddress(), port);
            socket.send(new DatagramPacket(WORDS, WORDS.length));
            DatagramPacket answer = new DatagramPacket(new byte[2 * WORDS.length], 2 * WORDS.length);
            socket.receive(answer);
            return Arrays.copyOf(answer.getData(), answer.getLength());
        }
    }
}
