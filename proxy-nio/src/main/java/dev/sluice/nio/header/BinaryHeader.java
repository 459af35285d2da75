package dev.sluice.nio.header;

import dev.sluice.Tlv;
import dev.sluice.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * Version 2: twelve bytes that no other protocol begins with, version and command, family and transport, a length, and
 * as many bytes of addresses and additions.
 *
 * <p>Thread: any.
 */
final class BinaryHeader {
    private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";
    private static final int START = 16;
    private static final int LENGTH_AT = 14;
    private static final int VERSION = 2;
    private static final int LOCAL = 0;
    private static final int PROXY = 1;
    private static final int UNSPECIFIED = 0;
    private static final int IPV4 = 1;
    private static final int IPV6 = 2;
    private static final int UNIX = 3;
    private static final int STREAM = 1;
    private static final int DATAGRAM = 2;
    private static final int UNIX_PATHS = 216;
    private static final int TLV_FRAME = 3;

    private BinaryHeader() {}

    static ProxyHeader read(ByteBuffer bytes, Transport transport) throws ProtocolException {
        if (!HeaderReader.beginWith(SIGNATURE, bytes)) {
            throw new ProtocolException("it begins as neither version does");
        }
        if (bytes.remaining() < START) {
            return null;
        }
        int start = bytes.position();
        int version = (bytes.get(start + 12) & 0xff) >> 4;
        int command = bytes.get(start + 12) & 0xf;
        int kind = bytes.get(start + 13) & 0xff;
        int length = START + (bytes.getShort(start + LENGTH_AT) & 0xffff);
        if (version != VERSION || command > PROXY) {
            throw new ProtocolException("its version is " + version + " and its command " + command);
        }
        if (length > ProxyHeader.LONGEST) {
            throw new ProtocolException("it has " + length + " bytes, more than " + ProxyHeader.LONGEST);
        }
        if (bytes.remaining() < length) {
            return null;
        }
        ByteBuffer header = bytes.slice(start, length);
        ProxyHeader read =
                command == LOCAL || kind >> 4 == UNSPECIFIED ? ProxyHeader.ofNobody() : parse(header, kind, transport);
        bytes.position(start + length);
        return read;
    }

    private static ProxyHeader parse(ByteBuffer header, int kind, Transport transport) throws ProtocolException {
        if ((kind & 0xf) != protocolOf(transport)) {
            throw new ProtocolException("it is of another transport than " + transport);
        }
        int family = kind >> 4;
        int addresses = switch (family) {
            case IPV4 -> 2 * 4 + 2 * 2;
            case IPV6 -> 2 * 16 + 2 * 2;
            case UNIX -> UNIX_PATHS;
            default -> throw new ProtocolException("its address family is " + family);
        };
        if (header.limit() < START + addresses) {
            throw new ProtocolException("it is too short for its addresses");
        }
        List<Tlv> tlvs = readTlvs(header.position(START + addresses));
        if (family == UNIX) {
            return new ProxyHeader(null, null, tlvs);
        }
        int address = (addresses - 2 * 2) / 2;
        int ports = START + 2 * address;
        return new ProxyHeader(
                new InetSocketAddress(address(header, START, address), header.getShort(ports) & 0xffff),
                new InetSocketAddress(address(header, START + address, address), header.getShort(ports + 2) & 0xffff),
                tlvs);
    }

    private static int protocolOf(Transport transport) {
        return transport == Transport.TCP ? STREAM : DATAGRAM;
    }

    private static InetAddress address(ByteBuffer header, int at, int length) {
        byte[] address = new byte[length];
        header.get(at, address);
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address of " + length + " bytes", e);
        }
    }

    private static List<Tlv> readTlvs(ByteBuffer header) throws ProtocolException {
        List<Tlv> tlvs = new ArrayList<>();
        while (header.hasRemaining()) {
            if (header.remaining() < TLV_FRAME) {
                throw new ProtocolException("an addition ends within its type and length");
            }
            int type = header.get() & 0xff;
            int length = header.getShort() & 0xffff;
            if (length > header.remaining()) {
                throw new ProtocolException("an addition is longer than what is left of the header");
            }
            if (type == Tlv.CRC32C) {
                checkSum(header, length);
            }
            byte[] value = new byte[length];
            header.get(value);
            if (type != Tlv.NOOP) {
                tlvs.add(Tlv.of(type, value));
            }
        }
        return List.copyOf(tlvs);
    }

    private static void checkSum(ByteBuffer header, int length) throws ProtocolException {
        if (length != Integer.BYTES) {
            throw new ProtocolException("its checksum has " + length + " bytes");
        }
        int at = header.position();
        if (header.getInt(at) != sum(header, at)) {
            throw new ProtocolException("its checksum is wrong");
        }
    }

    /** The checksum of a whole header, taken as if its own four bytes were zero. */
    private static int sum(ByteBuffer header, int at) {
        CRC32C sum = new CRC32C();
        sum.update(header.slice(0, at));
        sum.update(new byte[Integer.BYTES]);
        sum.update(header.slice(at + Integer.BYTES, header.limit() - at - Integer.BYTES));
        return (int) sum.getValue();
    }

    /** How long one with these additions is at most: for IPv6. */
    static int longest(List<Tlv> added) {
        return START + 2 * (16 + Short.BYTES) + lengthOf(added);
    }

    private static int lengthOf(List<Tlv> added) {
        return added.stream().mapToInt(tlv -> TLV_FRAME + tlv.length()).sum();
    }

    static byte[] write(Transport transport, InetSocketAddress source, InetSocketAddress destination, List<Tlv> added) {
        boolean isIpv4 = Addresses.areIpv4(source, destination);
        byte[] from = Addresses.bytes(source, isIpv4);
        byte[] to = Addresses.bytes(destination, isIpv4);
        int length = START + from.length + to.length + 2 * Short.BYTES + lengthOf(added);
        ByteBuffer header = ByteBuffer.allocate(length)
                .put(SIGNATURE.getBytes(StandardCharsets.US_ASCII))
                .put((byte) (VERSION << 4 | PROXY))
                .put((byte) ((isIpv4 ? IPV4 : IPV6) << 4 | protocolOf(transport)))
                .putShort((short) (length - START))
                .put(from)
                .put(to)
                .putShort((short) source.getPort())
                .putShort((short) destination.getPort());
        int sumAt = 0;
        for (Tlv tlv : added) {
            header.put((byte) tlv.type()).putShort((short) tlv.length());
            sumAt = tlv.type() == Tlv.CRC32C ? header.position() : sumAt;
            header.put(tlv.value());
        }
        if (sumAt > 0) {
            header.putInt(sumAt, sum(header.flip(), sumAt));
        }
        return header.array();
    }
}
