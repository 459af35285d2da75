package dev.sluice.nio.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProxyProtocol;
import dev.sluice.Tlv;
import dev.sluice.Transport;
import dev.sluice.nio.route.Parties;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * The reader against headers that were spoilt at random. {@code -Dsluice.fuzz.inputs=100000000} runs it for long,
 * {@code -Dsluice.fuzz.seed=N} begins with the input that a failure names.
 */
class HeaderFuzzTest {
    private static final long INPUTS = Long.getLong("sluice.fuzz.inputs", 300_000);
    private static final long FIRST_SEED = Long.getLong("sluice.fuzz.seed", 0);
    /** What headers are made of: where one of these changes, another branch is taken. */
    private static final List<String> WORDS = List.of(
            "\r\n", "\n", " ", "PROXY ", "TCP4", "TCP6", "UNKNOWN", "0", ":", "::", ".", "65536", "\3\0\4", "\4");

    private record Outcome(ProxyHeader header, boolean isBad, int left) {}

    @Test
    void whateverIsSentTheReaderAnswersAlike() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + INPUTS; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            Transport transport = random.nextInt(4) == 0 ? Transport.UDP : Transport.TCP;
            byte[] input = spoilt(header(random), random);
            try {
                check(input, transport);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", " + transport + ": "
                                + HexFormat.of().formatHex(input),
                        e);
            }
        }
    }

    private static void check(byte[] input, Transport transport) {
        Outcome outcome = read(ByteBuffer.wrap(input), transport);
        int used = input.length - outcome.left();
        if (outcome.header() == null) {
            assertThat(used).as("bytes taken without a header").isZero();
        } else {
            assertThat(used).isBetween(1, ProxyHeader.LONGEST);
            assertThat(read(ByteBuffer.wrap(input, 0, used), transport).header())
                    .isEqualTo(outcome.header());
        }
        int decided = input.length;
        while (decided > 0 && !isUndecided(read(ByteBuffer.wrap(input, 0, decided - 1), transport))) {
            decided--;
        }
        Outcome prefix = read(ByteBuffer.wrap(input, 0, decided), transport);
        assertThat(prefix.isBad()).as("what its first bytes decide").isEqualTo(outcome.isBad());
        assertThat(prefix.header()).isEqualTo(outcome.header());
        if (transport == Transport.TCP
                && outcome.header() != null
                && outcome.header().isNamed()) {
            checkWrittenAgain(outcome.header());
        }
    }

    private static boolean isUndecided(Outcome outcome) {
        return outcome.header() == null && !outcome.isBad();
    }

    private static Outcome read(ByteBuffer bytes, Transport transport) {
        try {
            return new Outcome(HeaderReader.read(bytes, transport), false, bytes.remaining());
        } catch (ProtocolException e) {
            return new Outcome(null, true, bytes.remaining());
        }
    }

    private static void checkWrittenAgain(ProxyHeader header) {
        Parties parties =
                new Parties("web", Transport.TCP, header.source(), header.source(), header.destination(), List.of());
        byte[] again = new HeaderWriter(ProxyProtocol.V2, header.tlvs()).header(parties);
        assertThat(read(ByteBuffer.wrap(again), Transport.TCP).header().source())
                .isEqualTo(header.source());
    }

    private static byte[] header(Random random) {
        boolean isText = random.nextBoolean();
        Parties parties = new Parties(
                "web",
                isText || random.nextInt(4) > 0 ? Transport.TCP : Transport.UDP,
                address(random),
                address(random));
        List<Tlv> added = isText
                ? List.of()
                : IntStream.range(0, random.nextInt(4))
                        .mapToObj(i -> tlv(random))
                        .toList();
        return new HeaderWriter(isText ? ProxyProtocol.V1 : ProxyProtocol.V2, added).header(parties);
    }

    private static Tlv tlv(Random random) {
        int type = random.nextInt(8);
        return type == Tlv.CRC32C ? Tlv.crc32c() : Tlv.of(type, new byte[random.nextInt(40)]);
    }

    private static InetSocketAddress address(Random random) {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        try {
            return new InetSocketAddress(InetAddress.getByAddress(bytes), random.nextInt(65_536));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] spoilt(byte[] header, Random random) {
        byte[] bytes = header;
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(6)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> bytes = Arrays.copyOf(bytes, at + 1);
                case 3 -> bytes = inserted(bytes, at, new byte[random.nextInt(20)]);
                case 4 ->
                    bytes = inserted(
                            bytes, at, WORDS.get(random.nextInt(WORDS.size())).getBytes());
                default -> bytes = inserted(bytes, at, Arrays.copyOfRange(bytes, 0, at));
            }
        }
        return bytes;
    }

    private static byte[] inserted(byte[] bytes, int at, byte[] more) {
        ByteBuffer all = ByteBuffer.allocate(bytes.length + more.length);
        return all.put(bytes, 0, at).put(more).put(bytes, at, bytes.length - at).array();
    }
}
