package dev.sluice.nio.socket;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;

/**
 * The unicast addresses of this host.
 *
 * <p>Thread: any; it asks the system.
 */
public final class LocalAddresses {
    private LocalAddresses() {}

    /** Those that a wildcard stands for: the IPv4 one for those of IPv4, the IPv6 one for all. */
    public static List<InetAddress> like(InetAddress wildcard) throws SocketException {
        return NetworkInterface.networkInterfaces()
                .filter(LocalAddresses::isUp)
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address || !(wildcard instanceof Inet4Address))
                .distinct()
                .toList();
    }

    public static boolean contains(InetAddress address) {
        try {
            return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    private static boolean isUp(NetworkInterface each) {
        try {
            return each.isUp();
        } catch (SocketException e) {
            return false;
        }
    }
}
