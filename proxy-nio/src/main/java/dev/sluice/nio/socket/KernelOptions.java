package dev.sluice.nio.socket;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Method;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.Channel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * Linux's socket options that the JDK has no name for, set through its own insides, which the JVM must have been told
 * to open. Whether that goes, and is permitted, is found out by trying.
 *
 * <p>Thread: any.
 */
final class KernelOptions {
    private static final String PACKAGE = "sun.nio.ch";
    private static final int IP = 0;
    private static final int IPV6 = 41;
    private static final int IP_TRANSPARENT = 19;
    private static final int IPV6_TRANSPARENT = 75;
    private static final int IP_BIND_ADDRESS_NO_PORT = 24;

    private final MethodHandle descriptorOf;
    private final MethodHandle setOption;

    private KernelOptions(MethodHandle descriptorOf, MethodHandle setOption) {
        this.descriptorOf = descriptorOf;
        this.setOption = setOption;
    }

    /** Throws with what is missing and how to mend it. */
    static KernelOptions open(boolean isLinux) throws IOException {
        if (!isLinux) {
            throw new IOException("only Linux can do that; elsewhere upstreams can be told the client's address by"
                    + " sendProxyProtocol");
        }
        try {
            Method descriptorOf = Class.forName(PACKAGE + ".SelChImpl").getMethod("getFD");
            Method setOption = Class.forName(PACKAGE + ".Net")
                    .getDeclaredMethod(
                            "setIntOption0",
                            FileDescriptor.class,
                            boolean.class,
                            int.class,
                            int.class,
                            int.class,
                            boolean.class);
            descriptorOf.setAccessible(true);
            setOption.setAccessible(true);
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            return new KernelOptions(lookup.unreflect(descriptorOf), lookup.unreflect(setOption));
        } catch (InaccessibleObjectException closed) {
            throw new IOException("the JVM lacks a flag; start it with " + flag(), closed);
        } catch (ReflectiveOperationException changed) {
            throw new IOException(
                    "this JDK, " + Runtime.version() + ", has changed inside; please report that", changed);
        }
    }

    /** What opens the JDK's insides to this class. */
    static String flag() {
        Module own = KernelOptions.class.getModule();
        return "--add-opens java.base/" + PACKAGE + "=" + (own.isNamed() ? own.getName() : "ALL-UNNAMED");
    }

    /** Throws with how to mend it where this process may not use foreign addresses. */
    void requireCapability() throws IOException {
        try (SocketChannel trial = SocketChannel.open(StandardProtocolFamily.INET)) {
            set(trial, false, IP, IP_TRANSPARENT);
        } catch (IOException notPermitted) {
            Path java = Path.of(ProcessHandle.current().info().command().orElse("/JDK/bin/java"));
            throw new IOException(
                    "the process lacks the capability CAP_NET_ADMIN (" + notPermitted.getMessage()
                            + "); run it as root, give its service AmbientCapabilities=CAP_NET_ADMIN, its container"
                            + " NET_ADMIN, or its program the capability: setcap cap_net_admin+ep " + java
                            + "; echo " + java.getParent().resolveSibling("lib")
                            + " > /etc/ld.so.conf.d/java.conf; ldconfig",
                    notPermitted);
        }
    }

    /** Has the socket bind addresses that are not this host's. */
    void transparent(Channel channel, InetAddress address) throws IOException {
        boolean isIpv6 = address instanceof Inet6Address;
        set(channel, isIpv6, isIpv6 ? IPV6 : IP, isIpv6 ? IPV6_TRANSPARENT : IP_TRANSPARENT);
    }

    /** Has the kernel pick the port when the socket connects, so that one does for many destinations. */
    void portAtConnect(Channel channel, InetAddress address) throws IOException {
        set(channel, address instanceof Inet6Address, IP, IP_BIND_ADDRESS_NO_PORT);
    }

    private void set(Channel channel, boolean isIpv6, int level, int option) throws IOException {
        try {
            FileDescriptor descriptor = (FileDescriptor) descriptorOf.invoke(channel);
            setOption.invoke(descriptor, false, level, option, 1, isIpv6);
        } catch (IOException | RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException("setting a socket option failed", e);
        }
    }
}
