package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.AbstractSelector;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A network in memory. The code under test gets it as its {@link SelectorProvider}; the test plays everybody else with
 * {@link #connect}, {@link #listen} and {@link #datagrams}, and moves what is on the wire with {@link #step} or
 * {@link #settle}.
 *
 * <pre>{@code
 * SimulatedNetwork network = new SimulatedNetwork(seed, Faults.random(random, 0.3), KernelBuffers.random(random));
 * PeerListener upstream = network.listen(new InetSocketAddress("10.0.0.1", 80));
 * Peer client = network.connect(proxyAddress);
 * while (...) {
 *     network.step();
 *     loop.runOnce();
 *     // clients and upstreams read, write, close
 * }
 * network.faults(Faults.none());   // and everything that was begun can end
 * }</pre>
 */
public final class SimulatedNetwork extends SelectorProvider {

    private final Chance chance;
    private final Hosts hosts = new Hosts();
    private final TcpWire tcp;
    private final UdpWire udp;
    private final Descriptors descriptors;
    private final Set<SimulatedSelector> selectors = new LinkedHashSet<>();
    private final Set<SocketOption<?>> streamOptions;
    private final Set<SocketOption<?>> listenerOptions;
    private final Set<SocketOption<?>> datagramOptions;
    private long spinsOfClosed;
    private long datagramsRead;

    /** A network without faults and with plenty of room. */
    public SimulatedNetwork(long seed) throws IOException {
        this(seed, Faults.none(), KernelBuffers.roomy());
    }

    public SimulatedNetwork(long seed, Faults faults, KernelBuffers buffers) throws IOException {
        this.chance = new Chance(seed, faults);
        this.tcp = new TcpWire(chance, hosts, buffers);
        this.udp = new UdpWire(chance, hosts, buffers);
        this.descriptors = new Descriptors(chance);
        SelectorProvider real = SelectorProvider.provider();
        this.streamOptions = optionsOf(real.openSocketChannel());
        this.listenerOptions = optionsOf(real.openServerSocketChannel());
        this.datagramOptions = optionsOf(real.openDatagramChannel());
    }

    private static Set<SocketOption<?>> optionsOf(NetworkChannel real) throws IOException {
        try (real) {
            return real.supportedOptions();
        }
    }

    // What the code under test opens.

    @Override
    public AbstractSelector openSelector() {
        SimulatedSelector selector = new SimulatedSelector(this, chance);
        selectors.add(selector);
        return selector;
    }

    @Override
    public SocketChannel openSocketChannel() throws IOException {
        return openSocketChannel(StandardProtocolFamily.INET6);
    }

    @Override
    public SocketChannel openSocketChannel(ProtocolFamily family) throws IOException {
        descriptors.require();
        return descriptors.add(
                new SimulatedSocketChannel(this, family, tcp.newSocket(), new ChannelOptions(streamOptions)));
    }

    @Override
    public ServerSocketChannel openServerSocketChannel() throws IOException {
        return openServerSocketChannel(StandardProtocolFamily.INET6);
    }

    @Override
    public ServerSocketChannel openServerSocketChannel(ProtocolFamily family) throws IOException {
        descriptors.require();
        return descriptors.add(new SimulatedServerSocketChannel(this, family, new ChannelOptions(listenerOptions)));
    }

    @Override
    public DatagramChannel openDatagramChannel() throws IOException {
        return openDatagramChannel(StandardProtocolFamily.INET6);
    }

    @Override
    public DatagramChannel openDatagramChannel(ProtocolFamily family) throws IOException {
        descriptors.require();
        return descriptors.add(new SimulatedDatagramChannel(this, family, new ChannelOptions(datagramOptions)));
    }

    @Override
    public Pipe openPipe() {
        throw new UnsupportedOperationException("no pipes in a network");
    }

    SocketChannel accepted(ProtocolFamily family, SimulatedTcpSocket socket, ChannelOptions listener) {
        return descriptors.add(new SimulatedSocketChannel(this, family, socket, listener.inheritedBy(streamOptions)));
    }

    // What the test plays.

    /** A client on a host of its own begins to connect. */
    public Peer connect(InetSocketAddress to) {
        return connect(hosts.nextClient(), to);
    }

    /** A client begins to connect from an address of its choice. */
    public Peer connect(InetSocketAddress from, InetSocketAddress to) {
        SimulatedTcpSocket socket = tcp.newSocket();
        socket.bind(from);
        tcp.dial(socket, to, Reach.OPEN);
        return new Peer(socket);
    }

    /** A server begins to listen. */
    public PeerListener listen(InetSocketAddress on) throws BindException {
        return new PeerListener(tcp, tcp.listen(on, Integer.MAX_VALUE, new ChannelOptions(listenerOptions)));
    }

    /** A UDP endpoint, client or server. */
    public UdpPeer datagrams(InetSocketAddress on) throws BindException {
        return new UdpPeer(udp, udp.bind(on, new ChannelOptions(datagramOptions)));
    }

    /** How an address answers from now on, whoever listens there. */
    public void reach(InetSocketAddress address, Reach reach) {
        hosts.reach(address, reach);
    }

    // What the test turns.

    /** Moves everything on the wire by at most one segment or datagram queue; false when nothing could move. */
    public boolean step() {
        return tcp.step(true) | udp.step(true);
    }

    /** Moves everything on the wire until it lies still. */
    public void settle() {
        while (tcp.step(false) | udp.step(false)) {
            continue;
        }
    }

    /** Other faults from now on. */
    public void faults(Faults faults) {
        chance.faults(faults);
    }

    /** From how many ports the host under test has to choose, TCP and UDP alike. */
    public void ports(int first, int last) {
        tcp.ports().range(first, last);
        udp.ports().range(first, last);
    }

    /** How many channels the code under test may hold; opening and accepting fail beyond it. */
    public void descriptorLimit(int limit) {
        descriptors.limit(limit);
    }

    // What the test checks.

    /** Channels of the code under test that still hold their descriptor. */
    public int openDescriptors() {
        return descriptors.count();
    }

    /** Keys that are registered, cancelled ones too until they are flushed. */
    public int openKeys() {
        return selectors.stream().mapToInt(SimulatedSelector::registered).sum();
    }

    public int openSelectors() {
        return selectors.size();
    }

    /** TCP sockets that the kernel still knows, those of the test too, and closed ones until all has been said. */
    public int livingSockets() {
        return tcp.sockets();
    }

    /** A line for each channel, key and selector of the code under test that is still open. */
    public List<String> leaks() {
        List<String> lines = new ArrayList<>(descriptors.describe());
        for (SimulatedSelector selector : selectors) {
            lines.add("not closed: a selector with " + selector.registered() + " keys");
            lines.addAll(selector.describeKeys());
        }
        return lines;
    }

    /** How often a real select would have come back at once with nothing to do, again and again. */
    public long spins() {
        return spinsOfClosed
                + selectors.stream().mapToLong(SimulatedSelector::spins).sum();
    }

    /** How often a fault has struck. */
    public long count(Fault fault) {
        return chance.count(fault);
    }

    /** Datagrams dropped because their receiver's queue was full. */
    public long overflows() {
        return udp.overflows();
    }

    /** Datagrams that the code under test has read. */
    public long datagramsRead() {
        return datagramsRead;
    }

    // What its parts ask.

    void onDatagramRead() {
        datagramsRead++;
    }

    void onClosed(SimulatedSelector selector) {
        selectors.remove(selector);
        spinsOfClosed += selector.spins();
    }

    Chance chance() {
        return chance;
    }

    Hosts hosts() {
        return hosts;
    }

    TcpWire tcp() {
        return tcp;
    }

    UdpWire udp() {
        return udp;
    }

    Descriptors descriptors() {
        return descriptors;
    }
}
