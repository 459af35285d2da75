package dev.sluice.nio.header;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.ProxyProtocol;
import dev.sluice.Tlv;
import dev.sluice.Transport;
import dev.sluice.nio.route.Parties;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.handler.codec.haproxy.HAProxyTLV;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Netty's codec reads what we write, and we read what it writes. */
class NettyCodecTest {

    private static HAProxyMessage decoded(byte[] header) {
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(header));
        return channel.readInbound();
    }

    private static ByteBuffer encoded(HAProxyMessage message) {
        EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        channel.writeOutbound(message);
        ByteBuf bytes = channel.readOutbound();
        return ByteBuffer.wrap(ByteBufUtil.getBytes(bytes));
    }

    @ParameterizedTest
    @CsvSource({
        "V1, TCP, 192.0.2.1, 198.51.100.2, TCP4",
        "V1, TCP, 2001:db8::1, 2001:db8::2, TCP6",
        "V1, TCP, 192.0.2.1, 2001:db8::2, TCP6",
        "V2, TCP, 192.0.2.1, 198.51.100.2, TCP4",
        "V2, TCP, 2001:db8::1, 2001:db8::2, TCP6",
        "V2, TCP, 2001:db8::1, 198.51.100.2, TCP6",
        "V2, UDP, 192.0.2.1, 198.51.100.2, UDP4",
        "V2, UDP, 2001:db8::1, 2001:db8::2, UDP6"
    })
    void nettyReadsWhatWeWrite(
            ProxyProtocol version, Transport transport, String from, String to, HAProxyProxiedProtocol expected)
            throws Exception {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getByName(from), 35646);
        InetSocketAddress local = new InetSocketAddress(InetAddress.getByName(to), 443);
        List<Tlv> added = version == ProxyProtocol.V1
                ? List.of()
                : List.of(Tlv.of(Tlv.AUTHORITY, "a.com"), Tlv.crc32c(), Tlv.of(0xe4, new byte[300]));

        HAProxyMessage message =
                decoded(new HeaderWriter(version, added).header(new Parties("web", transport, client, local)));

        assertThat(message.command()).isEqualTo(HAProxyCommand.PROXY);
        assertThat(message.proxiedProtocol()).isEqualTo(expected);
        assertThat(InetAddress.getByName(message.sourceAddress())).isEqualTo(client.getAddress());
        assertThat(InetAddress.getByName(message.destinationAddress())).isEqualTo(local.getAddress());
        assertThat(message.sourcePort()).isEqualTo(35646);
        assertThat(message.destinationPort()).isEqualTo(443);
        assertThat(message.tlvs()).hasSameSizeAs(added);
        for (int i = 0; i < added.size(); i++) {
            HAProxyTLV tlv = message.tlvs().get(i);
            assertThat(tlv.typeByteValue() & 0xff).isEqualTo(added.get(i).type());
            if (added.get(i).type() != Tlv.CRC32C) {
                assertThat(ByteBufUtil.getBytes(tlv.content()))
                        .isEqualTo(added.get(i).value());
            }
        }
        message.release();
    }

    @ParameterizedTest
    @CsvSource({
        "V1, TCP4, 192.0.2.1, 198.51.100.2",
        "V1, TCP6, 2001:db8::1, 2001:db8::2",
        "V2, TCP4, 192.0.2.1, 198.51.100.2",
        "V2, TCP6, 2001:db8::1, 2001:db8::2",
        "V2, UDP4, 192.0.2.1, 198.51.100.2",
        "V2, UDP6, 2001:db8::1, 2001:db8::2"
    })
    void weReadWhatNettyWrites(HAProxyProtocolVersion version, HAProxyProxiedProtocol protocol, String from, String to)
            throws Exception {
        List<HAProxyTLV> added = version == HAProxyProtocolVersion.V1
                ? List.of()
                : List.of(
                        new HAProxyTLV(HAProxyTLV.Type.PP2_TYPE_ALPN, Unpooled.copiedBuffer(new byte[] {'h', '2'})),
                        new HAProxyTLV((byte) 0xe1, Unpooled.copiedBuffer(new byte[1_000])));
        ByteBuffer bytes =
                encoded(new HAProxyMessage(version, HAProxyCommand.PROXY, protocol, from, to, 35646, 443, added));
        boolean isTcp = protocol.transportProtocol() == HAProxyProxiedProtocol.TransportProtocol.STREAM;

        ProxyHeader header = HeaderReader.read(bytes, isTcp ? Transport.TCP : Transport.UDP);

        assertThat(bytes.hasRemaining()).isFalse();
        assertThat(header.source()).isEqualTo(new InetSocketAddress(InetAddress.getByName(from), 35646));
        assertThat(header.destination()).isEqualTo(new InetSocketAddress(InetAddress.getByName(to), 443));
        assertThat(header.tlvs())
                .isEqualTo(
                        added.isEmpty() ? List.of() : List.of(Tlv.of(Tlv.ALPN, "h2"), Tlv.of(0xe1, new byte[1_000])));
    }

    @ParameterizedTest
    @EnumSource
    void weReadThatNettyKnowsNobody(HAProxyCommand command) throws Exception {
        ByteBuffer bytes = encoded(new HAProxyMessage(
                HAProxyProtocolVersion.V2, command, HAProxyProxiedProtocol.UNKNOWN, null, null, 0, 0));

        assertThat(HeaderReader.read(bytes, Transport.TCP).isNamed()).isFalse();
        assertThat(bytes.hasRemaining()).isFalse();
    }
}
