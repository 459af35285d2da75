package dev.sluice.nio.socket;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Opens every channel of the engine, non-blocking and with its protocol family: one without is a dual-stack socket that
 * costs a system call more and maps addresses.
 *
 * <p>Several listeners may share a port without giving up the error that a stranger gets who wants it too: the first
 * binds alone, and only then lets others join.
 *
 * <p>Thread: any.
 */
public final class Sockets {
    /** The kernel makes it its own minimum, of about two kilobytes. */
    private static final int SMALLEST_SEND_BUFFER = 1;

    private static final boolean IS_LINUX = Files.isDirectory(Path.of("/proc/self/fd"));

    private final SelectorProvider provider;
    private final boolean linux;

    public Sockets(SelectorProvider provider, boolean linux) {
        this.provider = provider;
        this.linux = linux;
    }

    /** The JDK's own sockets. */
    public static Sockets system() {
        return new Sockets(SelectorProvider.provider(), IS_LINUX);
    }

    public SelectorProvider provider() {
        return provider;
    }

    /**
     * Opens and closes a channel of each kind. What the JDK sets up on the way, its first close too, takes descriptors,
     * and would fail for ever if there were none left when it is first needed.
     */
    public void rehearse() throws IOException {
        provider.openServerSocketChannel().close();
        provider.openSocketChannel().close();
        provider.openDatagramChannel().close();
    }

    /** What gives sockets towards upstreams other addresses, where this host can do that. */
    public Sources sources() {
        return new Sources(linux);
    }

    /** Whether several listeners can share a port, the kernel spreading what arrives over them. */
    public boolean sharesPorts() {
        return linux;
    }

    /** A listener that others may {@link #joinStream join} where ports are shared. */
    public ServerSocketChannel listenStream(InetSocketAddress address, int backlog, BeforeBind first)
            throws IOException {
        ServerSocketChannel channel = openListener(address.getAddress());
        return opened(channel, () -> {
            first.prepare(channel, bindable(address).getAddress());
            channel.bind(bindable(address), backlog);
            share(channel);
        });
    }

    public ServerSocketChannel joinStream(InetSocketAddress bound, int backlog, BeforeBind first) throws IOException {
        ServerSocketChannel channel = openListener(bound.getAddress());
        return opened(channel, () -> {
            first.prepare(channel, bindable(bound).getAddress());
            share(channel);
            channel.bind(bindable(bound), backlog);
        });
    }

    public DatagramChannel listenDatagram(InetSocketAddress address, int receiveBuffer) throws IOException {
        DatagramChannel channel = provider.openDatagramChannel(familyOf(address.getAddress()));
        return opened(channel, () -> {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            channel.bind(address);
            share(channel);
        });
    }

    public DatagramChannel joinDatagram(InetSocketAddress bound, int receiveBuffer) throws IOException {
        DatagramChannel channel = provider.openDatagramChannel(familyOf(bound.getAddress()));
        return opened(channel, () -> {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer);
            share(channel);
            channel.bind(bound);
        });
    }

    /** A socket towards an upstream, not yet connected. */
    public SocketChannel openStream(InetAddress upstream, StreamOptions options) throws IOException {
        SocketChannel channel = provider.openSocketChannel(familyOf(upstream));
        return opened(channel, () -> options.apply(channel));
    }

    /** A socket towards an upstream, not yet bound or connected. */
    public DatagramChannel openDatagram(InetAddress upstream, int receiveBuffer) throws IOException {
        DatagramChannel channel = provider.openDatagramChannel(familyOf(upstream));
        return opened(channel, () -> channel.setOption(StandardSocketOptions.SO_RCVBUF, receiveBuffer));
    }

    /**
     * Sends an empty datagram from the address of a connected channel, whose own write would send nothing, by a second
     * socket that lives as long as this takes.
     *
     * @param source what gave the channel its address; null if the host did
     */
    public void sendEmpty(DatagramChannel connected, Source source) throws IOException {
        InetSocketAddress local = (InetSocketAddress) connected.getLocalAddress();
        connected.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        try (DatagramChannel twin = provider.openDatagramChannel(familyOf(local.getAddress()))) {
            twin.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (source != null) {
                source.allowForeign(twin, local.getAddress());
            }
            twin.bind(local);
            twin.send(ByteBuffer.allocate(0), connected.getRemoteAddress());
        }
    }

    /** Makes the coming close a reset, which drops what the kernel has not sent. */
    public void resetOnClose(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    }

    /**
     * Shrinks the send buffer, so that the channel is next writable only when all but a tiny rest of what it was given
     * has been acknowledged; to be called where the kernel {@linkplain #tellsAcknowledgement tells}.
     */
    public void awaitAcknowledgement(SocketChannel channel) throws IOException {
        channel.setOption(StandardSocketOptions.SO_SNDBUF, SMALLEST_SEND_BUFFER);
    }

    /** Whether the kernel gives a sign once what was sent has been acknowledged. */
    public boolean tellsAcknowledgement() {
        return linux;
    }

    private ServerSocketChannel openListener(InetAddress address) throws IOException {
        return isEveryAddress(address)
                ? provider.openServerSocketChannel()
                : provider.openServerSocketChannel(familyOf(address));
    }

    /** The IPv6 wildcard stands for every local address of both families; a host without IPv6 knows another name. */
    private static InetSocketAddress bindable(InetSocketAddress address) {
        return isEveryAddress(address.getAddress()) ? new InetSocketAddress(address.getPort()) : address;
    }

    private static boolean isEveryAddress(InetAddress address) {
        return address instanceof Inet6Address && address.isAnyLocalAddress();
    }

    private void share(NetworkChannel channel) throws IOException {
        if (linux) {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        }
    }

    static ProtocolFamily familyOf(InetAddress address) {
        return address instanceof Inet4Address ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
    }

    private interface Preparation {
        void run() throws IOException;
    }

    private static <C extends SelectableChannel> C opened(C channel, Preparation preparation) throws IOException {
        try {
            channel.configureBlocking(false);
            preparation.run();
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }
}
