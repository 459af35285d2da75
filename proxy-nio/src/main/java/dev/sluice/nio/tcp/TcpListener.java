package dev.sluice.nio.tcp;

import dev.sluice.Transport;
import dev.sluice.nio.loop.Loop;
import dev.sluice.nio.loop.Timer;
import dev.sluice.nio.observe.Counter;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Life;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.route.Permit;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Accepts the connections of a TCP route on one socket, for its own worker or, where a port cannot be shared, for all
 * workers in turn.
 *
 * <p>Thread: worker, apart from {@link #address} and {@link #pause}.
 */
public final class TcpListener implements Listener, Loop.Handler, Timer.Target {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final int ACCEPTS_A_TURN = 8;
    /** What can be queued when the last are taken; without a bound a flood of clients would hold up the end. */
    private static final int LONGEST_BACKLOG = 65_536;

    private static final long PAUSE = Duration.ofMillis(100).toNanos();
    private static final long LOG_INTERVAL = Duration.ofMinutes(1).toNanos();

    private final ServerSocketChannel channel;
    private final InetSocketAddress address;
    private final List<Lane> lanes;
    private TcpSettings settings;
    private final Timer resume = new Timer(this);
    private SelectionKey key;
    private boolean retired;
    private boolean isSuspended;
    private boolean isLast;
    private int turn;
    private boolean logged;
    private long lastLogged;

    /** Accepts on the first lane's worker and gives the connections to all lanes in turn. */
    public TcpListener(ServerSocketChannel channel, List<Lane> lanes, TcpSettings settings) throws IOException {
        this.channel = channel;
        this.address = (InetSocketAddress) channel.getLocalAddress();
        this.lanes = lanes;
        this.settings = settings;
    }

    /** Connections to come are relayed like this. */
    public void configure(TcpSettings next) {
        settings = next;
    }

    @Override
    public InetSocketAddress address() {
        return address;
    }

    @Override
    public Lane lane() {
        return lanes.get(0);
    }

    @Override
    public int receiveBuffer() {
        return 0;
    }

    @Override
    public void open() throws IOException {
        key = worker().loop().register(channel, isSuspended ? 0 : SelectionKey.OP_ACCEPT, this);
    }

    @Override
    public void onReady(int readyOps) {
        accept(ACCEPTS_A_TURN);
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.error(
                "Route \"{}\": accepting on {} failed unexpectedly", lane().route(), AddressText.of(address), failure);
    }

    /** What the kernel has accepted already is not made to wait any more. */
    @Override
    public void takeLast() {
        worker().timers().cancel(resume);
        isLast = true;
        if (!retired && !isSuspended) {
            accept(LONGEST_BACKLOG);
        }
    }

    @Override
    public void suspend(boolean suspended) {
        isSuspended = suspended;
        if (key != null && !resume.isArmed()) {
            onDue();
        }
    }

    /** Takes a client that was accepted elsewhere. */
    public void adopt(SocketChannel client) {
        handOn(client);
    }

    @Override
    public void retire() {
        if (!retired) {
            retired = true;
            worker().timers().cancel(resume);
            worker().close(key, channel);
        }
    }

    @Override
    public boolean isNeeded() {
        return false;
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    /** Stops accepting for a moment: the host lacks what a connection needs, and trying on would only burn CPU. */
    void pause() {
        if (!worker().loop().isCurrent()) {
            worker().submit(this::pause);
        } else if (!retired && key != null && !resume.isArmed()) {
            lane().counters().add(Counter.ACCEPT_PAUSES, 1);
            pauseFor(PAUSE);
            logPause();
        }
    }

    private void pauseFor(long nanos) {
        key.interestOps(0);
        worker().timers().arm(resume, worker().now() + nanos);
    }

    /** Leaves the rest to the kernel's backlog where the route's rate is reached. */
    private boolean mustWait() {
        long wait = isLast ? 0 : lane().acceptRate().waitFrom(worker().now());
        if (wait > 0) {
            lane().counters().add(Counter.ACCEPT_RATE_WAITS, 1);
            pauseFor(wait);
        }
        return wait > 0;
    }

    @Override
    public void onDue() {
        if (!retired) {
            key.interestOps(isSuspended ? 0 : SelectionKey.OP_ACCEPT);
        }
    }

    private void accept(int most) {
        for (int i = 0; i < most && !isSuspended && !resume.isArmed() && !mustWait(); i++) {
            SocketChannel client;
            try {
                if (worker().buffers().budget().isExhausted()) {
                    worker().buffers().evictLongestStalled();
                    pause();
                    return;
                }
                client = channel.accept();
            } catch (IOException noDescriptors) {
                pause();
                return;
            }
            if (client == null) {
                return;
            }
            lane().acceptRate().accepted(worker().now());
            handOn(client);
        }
    }

    private void handOn(SocketChannel client) {
        Lane lane = lanes.get(turn++ % lanes.size());
        TcpSettings now = settings;
        if (lane == lane()) {
            begin(lane, client, now);
        } else if (!lane.worker().submit(() -> begin(lane, client, now))) {
            worker().closeUnregistered(client);
        }
        if (turn == lanes.size()) {
            turn = 0;
        }
    }

    /** @param now the settings at its accept, whatever they are by now: a connection has all of one kind */
    private void begin(Lane lane, SocketChannel client, TcpSettings now) {
        try {
            client.configureBlocking(false);
            now.stream().apply(client);
            Parties parties = new Parties(
                    lane.route(), Transport.TCP, (InetSocketAddress) client.getRemoteAddress(), (InetSocketAddress)
                            client.getLocalAddress());
            Permit permit = lane.admit(parties.peer().getAddress(), now.headers());
            if (permit != null) {
                connection(now, lane, parties, permit).start(client);
            } else {
                lane.worker().sockets().resetOnClose(client);
                client.close();
                Life.refuse(lane, parties, lane.refusal());
            }
        } catch (IOException goneAlready) {
            LOG.debug("Route \"{}\": a client was gone before it was accepted", lane.route(), goneAlready);
            lane.worker().closeUnregistered(client);
        } catch (Throwable e) {
            lane.worker().closeUnregistered(client);
            throw e;
        }
    }

    private Connection connection(TcpSettings now, Lane lane, Parties parties, Permit permit) {
        try {
            return new Connection(this, now, lane, parties, permit);
        } catch (Throwable e) {
            permit.give();
            throw e;
        }
    }

    private Worker worker() {
        return lane().worker();
    }

    private void logPause() {
        long now = worker().now();
        if (!logged || now - lastLogged >= LOG_INTERVAL) {
            logged = true;
            lastLogged = now;
            LOG.warn(
                    "Route \"{}\": accepting on {} pauses for {} ms at a time: descriptors, ports or buffers have run "
                            + "out. Raise the open-file limit, or lower maxConnections",
                    lane().route(),
                    AddressText.of(address),
                    Duration.ofNanos(PAUSE).toMillis());
        }
    }
}
