package dev.sluice;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Clients by number, as those who ask. */
final class Clients {
    private Clients() {}

    /** One of four thousand million clients of IPv4, neighbours for the most part, as clients are. */
    static FlowInfo four(int number) {
        return from(new byte[] {(byte) (number >>> 24), (byte) (number >>> 16), (byte) (number >>> 8), (byte) number});
    }

    /** A client of IPv6 in a network of its own, as providers give them. */
    static FlowInfo six(int number) {
        byte[] address = new byte[16];
        address[0] = 0x20;
        address[1] = 1;
        for (int i = 0; i < 4; i++) {
            address[4 + i] = (byte) (number >>> 24 - 8 * i);
        }
        address[15] = 1;
        return from(address);
    }

    private static FlowInfo from(byte[] address) {
        try {
            return at(new InetSocketAddress(InetAddress.getByAddress(address), 40_000));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    static FlowInfo at(InetSocketAddress client) {
        return new FlowInfo() {
            @Override
            public String route() {
                return "web";
            }

            @Override
            public Transport transport() {
                return Transport.TCP;
            }

            @Override
            public InetSocketAddress client() {
                return client;
            }

            @Override
            public InetSocketAddress peer() {
                return client;
            }

            @Override
            public InetSocketAddress local() {
                return client;
            }
        };
    }
}
