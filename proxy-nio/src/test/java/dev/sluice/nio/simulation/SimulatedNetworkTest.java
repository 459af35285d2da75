package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the network tells a test about the code that ran on it. */
final class SimulatedNetworkTest {

    private static final InetSocketAddress UPSTREAM = new InetSocketAddress("10.0.0.1", 80);

    private final SimulatedNetwork network;

    SimulatedNetworkTest() throws IOException {
        network = new SimulatedNetwork(7);
    }

    private SocketChannel connected() throws IOException {
        SocketChannel channel = network.openSocketChannel(StandardProtocolFamily.INET);
        channel.configureBlocking(false);
        channel.connect(UPSTREAM);
        network.settle();
        channel.finishConnect();
        return channel;
    }

    @Test
    void everythingThatIsNotClosedIsNamed() throws IOException {
        network.listen(UPSTREAM);
        Selector selector = network.openSelector();
        SocketChannel channel = connected();
        channel.register(selector, SelectionKey.OP_READ);
        DatagramChannel datagrams = network.openDatagramChannel();

        assertThat(network.leaks()).hasSize(4).anyMatch(line -> line.contains("TCP channel /10.0.0.254:"));
        assertThat(network.openDescriptors()).isEqualTo(2);
        assertThat(network.openKeys()).isEqualTo(1);
        assertThat(network.openSelectors()).isEqualTo(1);

        channel.close();
        datagrams.close();
        assertThat(network.openDescriptors()).as("closed, not flushed").isEqualTo(1);
        selector.selectNow(k -> {});
        assertThat(network.openDescriptors()).isZero();
        assertThat(network.openKeys()).isZero();
        selector.close();
        assertThat(network.leaks()).isEmpty();
    }

    @Test
    void aConnectInterestThatIsNeverTakenBackSpins() throws IOException {
        network.listen(UPSTREAM);
        Selector selector = network.openSelector();
        SelectionKey key = connected().register(selector, SelectionKey.OP_CONNECT);

        assertThat(selector.selectNow(k -> {})).isZero();
        assertThat(network.spins()).isEqualTo(1);
        key.interestOps(SelectionKey.OP_READ);
        selector.selectNow(k -> {});
        selector.close();

        assertThat(network.spins()).isEqualTo(1);
    }

    @Test
    void aKeyThatNobodyWantsAnyMoreDoesNotSpin() throws IOException {
        PeerListener upstream = network.listen(UPSTREAM);
        Selector selector = network.openSelector();
        SelectionKey blind = connected().register(selector, 0);
        upstream.accept().reset();
        SelectionKey one = connected().register(selector, SelectionKey.OP_WRITE);
        SelectionKey other = connected().register(selector, SelectionKey.OP_WRITE);

        assertThat(selector.selectNow(key -> (key == one ? other : one).interestOps(0)))
                .isEqualTo(1);

        assertThat(blind.isValid()).isTrue();
        assertThat(network.spins()).isZero();
    }

    @Test
    void aReadyKeyMayBeLeftOutOfASelect() throws IOException {
        network.listen(UPSTREAM);
        Selector selector = network.openSelector();
        connected().register(selector, SelectionKey.OP_WRITE);

        network.faults(Faults.none().with(Fault.NOT_SELECTED, 1));
        assertThat(selector.selectNow(k -> {})).isZero();
        network.faults(Faults.none());
        assertThat(selector.selectNow(k -> {})).isEqualTo(1);
    }

    @Test
    void readyKeysComeInAnyOrder() throws IOException {
        network.listen(UPSTREAM);
        Selector selector = network.openSelector();
        connected().register(selector, SelectionKey.OP_WRITE);
        connected().register(selector, SelectionKey.OP_WRITE);

        Set<SelectionKey> firsts = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            SelectionKey[] first = new SelectionKey[1];
            selector.selectNow(k -> first[0] = first[0] == null ? k : first[0]);
            firsts.add(first[0]);
        }

        assertThat(firsts).hasSize(2);
    }

    @Test
    void faultsAndBuffersAreChecked() {
        assertThatIllegalArgumentException().isThrownBy(() -> Faults.none().with(Fault.LATE, 1.1));
        assertThatIllegalArgumentException().isThrownBy(() -> Faults.none().with(Fault.LATE, Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new KernelBuffers(1, 2, 1, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> network.ports(0, 10));
        assertThatIllegalArgumentException().isThrownBy(() -> network.ports(11, 10));
    }

    @Test
    void randomFaultsStayBelowTheirBoundAndCanBeTakenOut() {
        Random random = new Random(3);
        for (int i = 0; i < 100; i++) {
            Faults faults = Faults.random(random, 0.25);
            for (Fault fault : Fault.values()) {
                assertThat(faults.probability(fault)).isBetween(0.0, 0.25);
                assertThat(faults.without(fault).probability(fault)).isZero();
            }
        }
        assertThat(Faults.none().with(Fault.LATE, 0.5).probability(Fault.LATE)).isEqualTo(0.5);
    }
}
