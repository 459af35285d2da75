package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A correct program on an unlucky network: it survives, and every run can be had again. */
final class SeededRunTest {

    private static final InetSocketAddress ADDRESS = new InetSocketAddress("127.0.0.1", 7);
    private static final Set<Fault> MEANT = EnumSet.of(
            Fault.SHORT_READ,
            Fault.SHORT_WRITE,
            Fault.READ_BLOCKED,
            Fault.WRITE_BLOCKED,
            Fault.ACCEPT_BLOCKED,
            Fault.NOT_SELECTED,
            Fault.LATE,
            Fault.NO_DESCRIPTOR);

    /** One client, what it has to send, and what came back. */
    private static final class Client {
        private final Peer peer;
        private final byte[] message;
        private final ByteBuffer unsent;
        private final ByteArrayOutputStream echoed = new ByteArrayOutputStream();

        Client(Peer peer, Random random) {
            this.peer = peer;
            this.message = new byte[random.nextInt(800)];
            random.nextBytes(message);
            this.unsent = ByteBuffer.wrap(message);
        }

        void turn(Random random) {
            unsent.limit(Math.min(message.length, unsent.position() + random.nextInt(300)));
            peer.write(unsent);
            unsent.limit(message.length);
            if (peer.isConnected() && !unsent.hasRemaining()) {
                peer.shutdownOutput();
            }
            echoed.writeBytes(peer.read(random.nextInt(300)));
        }
    }

    /** One whole run; what the server did, and how often each fault struck. */
    private record Run(List<String> trace, SimulatedNetwork network) {}

    private static Run run(long seed) throws IOException {
        Random random = new Random(seed);
        SimulatedNetwork network = new SimulatedNetwork(seed, Faults.none(), KernelBuffers.random(random));
        EchoServer server = new EchoServer(network, ADDRESS);
        network.faults(Faults.random(random, 0.5));
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            clients.add(new Client(network.connect(ADDRESS), random));
        }
        for (int turn = 0; clients.stream().anyMatch(client -> !client.peer.sawEnd()); turn++) {
            if (turn == 200_000) {
                fail("seed " + seed + " never ends: " + network.leaks());
            }
            network.step();
            server.runOnce();
            clients.get(random.nextInt(clients.size())).turn(random);
        }
        for (Client client : clients) {
            assertThat(client.echoed.toByteArray()).as("seed %d", seed).isEqualTo(client.message);
            client.peer.close();
        }
        server.close();
        network.settle();
        assertThat(network.leaks()).as("seed %d", seed).isEmpty();
        assertThat(network.livingSockets()).as("seed %d", seed).isZero();
        assertThat(network.spins()).as("seed %d", seed).isZero();
        return new Run(server.trace(), network);
    }

    @Test
    void everyByteComesBackWhateverTheNetworkDoes() throws IOException {
        Set<Fault> struck = EnumSet.noneOf(Fault.class);
        for (long seed = 0; seed < 200; seed++) {
            SimulatedNetwork network = run(seed).network();
            for (Fault fault : Fault.values()) {
                if (network.count(fault) > 0) {
                    struck.add(fault);
                }
            }
        }

        assertThat(struck).containsExactlyInAnyOrderElementsOf(MEANT);
    }

    @Test
    void theSameSeedGivesTheSameRunAndAnotherOneAnother() throws IOException {
        List<String> first = run(11).trace();

        assertThat(run(11).trace()).isEqualTo(first);
        assertThat(run(12).trace()).isNotEqualTo(first);
    }
}
