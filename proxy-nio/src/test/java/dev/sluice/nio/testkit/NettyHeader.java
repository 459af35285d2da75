package dev.sluice.nio.testkit;

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
import java.util.List;

/** PROXY headers as Netty's codec reads and writes them, which is not ours. */
public final class NettyHeader {
    private NettyHeader() {}

    /** A header of version 2. */
    public static byte[] v2(HAProxyProxiedProtocol protocol, String from, String to, int fromPort, int toPort) {
        return encode(new HAProxyMessage(
                HAProxyProtocolVersion.V2, HAProxyCommand.PROXY, protocol, from, to, fromPort, toPort));
    }

    /** One that names nobody. */
    public static byte[] local() {
        return encode(new HAProxyMessage(
                HAProxyProtocolVersion.V2, HAProxyCommand.LOCAL, HAProxyProxiedProtocol.UNKNOWN, null, null, 0, 0));
    }

    public static byte[] encode(HAProxyMessage message) {
        EmbeddedChannel channel = new EmbeddedChannel(HAProxyMessageEncoder.INSTANCE);
        channel.writeOutbound(message);
        ByteBuf bytes = channel.readOutbound();
        return ByteBufUtil.getBytes(bytes);
    }

    /** What a header says, as a line, and after it all that follows it, as text. */
    public static String decode(byte[] bytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new HAProxyMessageDecoder());
        channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        HAProxyMessage header = channel.readInbound();
        StringBuilder text = new StringBuilder()
                .append(header.protocolVersion())
                .append(' ')
                .append(header.proxiedProtocol())
                .append(' ')
                .append(header.sourceAddress())
                .append(':')
                .append(header.sourcePort())
                .append(" > ")
                .append(header.destinationAddress())
                .append(':')
                .append(header.destinationPort())
                .append(' ')
                .append(tlvs(header.tlvs()))
                .append('\n');
        for (ByteBuf rest = channel.readInbound(); rest != null; rest = channel.readInbound()) {
            text.append(rest.toString(java.nio.charset.StandardCharsets.UTF_8));
        }
        header.release();
        return text.toString();
    }

    private static List<String> tlvs(List<HAProxyTLV> tlvs) {
        return tlvs.stream()
                .map(tlv -> (tlv.typeByteValue() & 0xff) + "=" + ByteBufUtil.hexDump(tlv.content()))
                .toList();
    }
}
