package dev.sluice;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Hashes that are the same in every process, JVM and release, so that proxies which share nothing agree. */
final class StableHash {
    private StableHash() {}

    /** A client by its address alone: it stays where it is when its port changes. */
    static long ofClient(InetSocketAddress client) {
        InetAddress address = client.getAddress();
        if (address == null) {
            return of(client.getHostString());
        }
        byte[] bytes = address.getAddress();
        if (address instanceof Inet4Address) {
            return mixed(quad(bytes, 0));
        }
        long high = quad(bytes, 0) << 32 | quad(bytes, 4);
        long low = quad(bytes, 8) << 32 | quad(bytes, 12);
        return mixed(mixed(high) ^ low);
    }

    private static long quad(byte[] bytes, int at) {
        return (bytes[at] & 0xFFL) << 24
                | (bytes[at + 1] & 0xFFL) << 16
                | (bytes[at + 2] & 0xFFL) << 8
                | bytes[at + 3] & 0xFFL;
    }

    /** FNV-1a over the characters, mixed: by itself it spreads poorly what differs in the last character only. */
    static long of(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x0000_0100_0000_01B3L;
        }
        return mixed(hash);
    }

    /** The finalizer of SplitMix64: each bit of what it is given changes about half of what it answers. */
    static long mixed(long bits) {
        long hash = bits + 0x9E37_79B9_7F4A_7C15L;
        hash = (hash ^ hash >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        hash = (hash ^ hash >>> 27) * 0x94D0_49BB_1331_11EBL;
        return hash ^ hash >>> 31;
    }
}
