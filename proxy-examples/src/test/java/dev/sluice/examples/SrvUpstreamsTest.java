package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Upstream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SrvUpstreamsTest {
    private static final int HEADER = 12;

    private final BlockingQueue<Collection<Upstream>> snapshots = new LinkedBlockingQueue<>();

    /** Answers with priorities, weights and ports, by null with a failure; with the last for ever. */
    private static void serve(DatagramSocket socket, List<List<int[]>> answers) {
        Iterator<List<int[]>> next = answers.iterator();
        List<int[]> records = null;
        try {
            while (true) {
                DatagramPacket query = new DatagramPacket(new byte[512], 512);
                socket.receive(query);
                records = next.hasNext() ? next.next() : records;
                byte[] answer = answer(Arrays.copyOf(query.getData(), query.getLength()), records);
                socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private static byte[] answer(byte[] query, List<int[]> given) throws IOException {
        List<int[]> records = given == null ? List.of() : given;
        int end = HEADER;
        while (query[end] != 0) {
            end += query[end] + 1;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(query, 0, 2);
        out.writeShort(given == null ? 0x8182 : 0x8180);
        out.writeShort(1);
        out.writeShort(records.size());
        out.writeInt(0);
        out.write(query, HEADER, end + 5 - HEADER);
        for (int[] record : records) {
            out.writeShort(0xc00c);
            out.writeShort(33);
            out.writeShort(1);
            out.writeInt(60);
            out.writeShort(6 + 6);
            for (int field : record) {
                out.writeShort(field);
            }
            out.write(new byte[] {4, 'h', 'o', 's', 't', 0});
        }
        return bytes.toByteArray();
    }

    @Test
    void eachRecordIsAnUpstreamAndTheLastAnswerStaysWhileNoneComes() throws Exception {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            List<int[]> first = List.of(new int[] {10, 0, 81}, new int[] {0, 65_535, 80});
            List<int[]> last = List.of(new int[] {0, 1, 82});
            List<List<int[]>> answers = Arrays.asList(first, null, List.of(), last);
            Thread server = new Thread(() -> serve(socket, answers));
            server.start();
            SrvUpstreams source = new SrvUpstreams(
                    "dns://127.0.0.1:" + socket.getLocalPort(), "_http._tcp.example.test", Duration.ofMillis(50));

            try (AutoCloseable subscription = source.subscribe(snapshots::add)) {
                assertThat(subscription).isNotNull();
                assertThat(snapshots.poll(30, TimeUnit.SECONDS))
                        .containsExactly(
                                Upstream.of("host:80").weight(1_000),
                                Upstream.of("host:81").weight(1).priority(10));
                assertThat(snapshots.poll(30, TimeUnit.SECONDS))
                        .containsExactly(Upstream.of("host:82").weight(1));
            }
        }
    }

    @Test
    void weightsAreKeptWhereTheyCanBeAndOtherwiseInProportion() {
        assertThat(SrvRecords.members(List.of("0 60 80 a.", "0 20 80 b.", "0 0 80 c.")))
                .extracting(Upstream::weight)
                .containsExactly(60, 20, 1);
        assertThat(SrvRecords.members(List.of("0 60000 80 a.", "0 20000 80 b.", "0 1 80 c.")))
                .extracting(Upstream::weight)
                .containsExactly(1_000, 333, 1);
    }

    @Test
    void theOrderDoesNotDependOnTheAnswers() {
        assertThat(SrvRecords.members(List.of("0 1 80 b.", "0 1 80 a.")))
                .isEqualTo(SrvRecords.members(List.of("0 1 80 a.", "0 1 80 b.")));
    }

    @Test
    void aServiceThatIsOfferedNowhereIsNoSet() {
        assertThatThrownBy(() -> SrvRecords.members(List.of("0 0 0 .")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no SRV record has a target");
    }
}
