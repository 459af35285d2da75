package dev.sluice.nio.header;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.Tlv;
import dev.sluice.Transport;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a PROXY header says, and what is none. */
class HeaderReaderTest {
    private static final String V4 = "2111 000c c0000201 c6336402 8b3e 01bb";
    private static final String V4_SAYS = "192.0.2.1:35646 > 198.51.100.2:443";

    private static ProxyHeader read(ByteBuffer bytes) throws Exception {
        return HeaderReader.read(bytes, Transport.TCP);
    }

    private static String says(ProxyHeader header) {
        return header.isNamed() ? says(header.source()) + " > " + says(header.destination()) : "nobody";
    }

    private static String says(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    static Stream<Arguments> good() {
        String v6 = "20010db8000000000000000000000001 20010db8000000000000000000000002 8b3e 01bb";
        String v6Says = "2001:db8:0:0:0:0:0:1:35646 > 2001:db8:0:0:0:0:0:2:443";
        return Stream.of(
                Arguments.of(Headers.text("PROXY TCP4 192.0.2.1 198.51.100.2 35646 443\r\n"), V4_SAYS),
                Arguments.of(
                        Headers.text("PROXY TCP4 0.0.0.0 255.255.255.255 0 65535\r\n"),
                        "0.0.0.0:0 > 255.255.255.255:65535"),
                Arguments.of(Headers.text("PROXY TCP6 2001:db8::1 2001:DB8::2 35646 443\r\n"), v6Says),
                Arguments.of(Headers.text("PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c633:6402 35646 443\r\n"), V4_SAYS),
                Arguments.of(Headers.text("PROXY UNKNOWN\r\n"), "nobody"),
                Arguments.of(Headers.text("PROXY UNKNOWN anything  at all\r\n"), "nobody"),
                Arguments.of(Headers.binary(V4), V4_SAYS),
                Arguments.of(Headers.binary("2121 0024" + v6), v6Says),
                Arguments.of(Headers.binary("2000 0000"), "nobody"),
                Arguments.of(Headers.binary("2011 0003 ffffff"), "nobody"),
                Arguments.of(Headers.binary("2100 0000"), "nobody"),
                Arguments.of(Headers.binary("2100 0002 abcd"), "nobody"),
                Arguments.of(Headers.binary("2131 00d8" + "2f".repeat(216)), "nobody"));
    }

    @ParameterizedTest
    @MethodSource("good")
    void aHeaderIsReadAndThePayloadAfterItKept(ByteBuffer header, String says) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(header.remaining() + 3)
                .put(header.duplicate())
                .put(new byte[] {'P', '\r', '\n'})
                .flip();
        assertThat(says(read(bytes))).isEqualTo(says);
        assertThat(bytes.remaining()).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("good")
    void aHeaderThatIsNotWholeIsWaitedFor(ByteBuffer header, String says) throws Exception {
        ByteBuffer growing = header.duplicate();
        for (int length = 0; length < header.remaining(); length++) {
            growing.position(0).limit(length);
            assertThat(read(growing)).as("of its first %s bytes", length).isNull();
            assertThat(growing.position()).isZero();
        }
        assertThat(says(read(growing.limit(header.limit())))).isEqualTo(says);
    }

    static Stream<ByteBuffer> bad() {
        return Stream.concat(badLines().map(Headers::text), badBinary().map(Headers::binary));
    }

    private static Stream<String> badLines() {
        String four = "PROXY TCP4 192.0.2.1 198.51.100.2 ";
        return Stream.of(
                "GET / HTTP/1.1\r\n",
                "PROXY_",
                "PROXY tcp4 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY  TCP4 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY \r\n",
                "PROXY UNKNOWNS\r\n",
                four + "1 2\n",
                four + "1\r\n",
                four + "1 2 \r\n",
                four + "1 2 3\r\n",
                four + "01 2\r\n",
                four + "-1 2\r\n",
                four + "1 65536\r\n",
                four + "1 99999999999\r\n",
                four + " 2\r\n",
                "PROXY TCP4 192.0.2 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.2.256 198.51.100.2 1 2\r\n",
                "PROXY TCP4 192.0.02.1 198.51.100.2 1 2\r\n",
                "PROXY TCP4 localhost 198.51.100.2 1 2\r\n",
                "PROXY TCP4 2001:db8::1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n",
                "PROXY TCP6 2001:db8::1 2001:db8:::2 1 2\r\n",
                "PROXY TCP6 fe80::1%1 2001:db8::2 1 2\r\n",
                "PROXY TCP6 [::1] ::2 1 2\r\n",
                "PROXY UNKNOWN " + "x".repeat(92) + "\r\n");
    }

    private static Stream<String> badBinary() {
        return Stream.of(
                "1111 000c c0000201 c6336402 8b3e 01bb",
                "3111 000c c0000201 c6336402 8b3e 01bb",
                "2211 000c c0000201 c6336402 8b3e 01bb",
                "2112 000c c0000201 c6336402 8b3e 01bb",
                "2113 000c c0000201 c6336402 8b3e 01bb",
                "2110 000c c0000201 c6336402 8b3e 01bb",
                "2141 000c c0000201 c6336402 8b3e 01bb",
                "2111 000b c0000201 c6336402 8b3e 01",
                "2121 000c c0000201 c6336402 8b3e 01bb",
                "2131 000c c0000201 c6336402 8b3e 01bb",
                "2111 000d c0000201 c6336402 8b3e 01bb 04",
                "2111 000e c0000201 c6336402 8b3e 01bb 0400",
                "2111 000f c0000201 c6336402 8b3e 01bb 040001",
                "2111 0010 c0000201 c6336402 8b3e 01bb 04000200",
                "2111 0012 c0000201 c6336402 8b3e 01bb 030003000000",
                "2111 0013 c0000201 c6336402 8b3e 01bb 03000400000000",
                "2111 3ff1 c0000201 c6336402 8b3e 01bb");
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNoHeaderIsSaidToBeNone(ByteBuffer bytes) {
        int start = bytes.position();
        assertThatThrownBy(() -> read(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("");
        assertThat(bytes.position()).isEqualTo(start);
    }

    @Test
    void aWrongFirstByteIsToldBeforeTheSecond() {
        assertThatThrownBy(() -> read(Headers.text("G"))).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aLineOf107BytesIsTheLongest() throws Exception {
        assertThat(says(read(Headers.text("PROXY UNKNOWN " + "x".repeat(91) + "\r\n"))))
                .isEqualTo("nobody");
        assertThat(read(Headers.text("PROXY UNKNOWN " + "x".repeat(92)))).isNull();
        assertThatThrownBy(() -> read(Headers.text("PROXY UNKNOWN " + "x".repeat(93))))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void theLongestBinaryHeaderHas16384Bytes() throws Exception {
        ByteBuffer longest = ByteBuffer.allocate(ProxyHeader.LONGEST)
                .put(Headers.binary("2000 3ff0"))
                .clear();
        assertThat(says(read(longest))).isEqualTo("nobody");
        assertThat(longest.hasRemaining()).isFalse();
    }

    @Test
    void whatWasAddedIsReadInOrderAndPaddingLeftOut() throws Exception {
        ProxyHeader header = read(Headers.binary("2111 0021 c0000201 c6336402 8b3e 01bb" + "010002 6832" + "040002 0000"
                + "e00000" + "020005 612e636f6d"));
        assertThat(header.tlvs())
                .containsExactly(Tlv.of(Tlv.ALPN, "h2"), Tlv.of(0xe0, new byte[0]), Tlv.of(Tlv.AUTHORITY, "a.com"));
    }

    @Test
    void whatWasAddedToAnAddressThatIsNoneIsReadToo() throws Exception {
        ProxyHeader header = read(Headers.binary("2131 00dd" + "00".repeat(216) + "010002 6832"));
        assertThat(header.isNamed()).isFalse();
        assertThat(header.tlvs()).containsExactly(Tlv.of(Tlv.ALPN, "h2"));
    }

    @ParameterizedTest
    @CsvSource({"UDP, 2112, true", "UDP, 2111, false", "TCP, 2111, true", "TCP, 2112, false", "UDP, 2132, true"})
    void aHeaderIsOfItsRoutesTransport(Transport transport, String kind, boolean isGood) throws Exception {
        int length = kind.startsWith("213") ? 216 : 12;
        ByteBuffer bytes = Headers.binary(kind + String.format("%04x", length) + "01".repeat(length));
        if (isGood) {
            assertThat(HeaderReader.read(bytes, transport)).isNotNull();
        } else {
            assertThatThrownBy(() -> HeaderReader.read(bytes, transport)).isInstanceOf(ProtocolException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PROXY TCP4 192.0.2.1 198.51.100.2 35646 443\r\n", "PROXY UNKNOWN\r\n"})
    void versionOneIsNotForDatagrams(String line) {
        assertThatThrownBy(() -> HeaderReader.read(Headers.text(line), Transport.UDP))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void aChecksumIsChecked() throws Exception {
        byte[] header = BinaryHeader.write(
                Transport.TCP,
                new InetSocketAddress("192.0.2.1", 35646),
                new InetSocketAddress("198.51.100.2", 443),
                List.of(Tlv.of(Tlv.ALPN, "h2"), Tlv.crc32c(), Tlv.of(Tlv.AUTHORITY, "a.com")));
        assertThat(says(read(ByteBuffer.wrap(header)))).isEqualTo(V4_SAYS);
        for (int bit = 16 * Byte.SIZE; bit < 28 * Byte.SIZE; bit++) {
            byte[] spoilt = header.clone();
            spoilt[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            assertThatThrownBy(() -> read(ByteBuffer.wrap(spoilt))).isInstanceOf(ProtocolException.class);
        }
    }
}
