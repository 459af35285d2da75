package dev.sluice.nio.simulation;

import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.ToIntBiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A selector that never waits: each select answers with what is ready now, in random order.
 *
 * <p>It does what the JDK's epoll selector does, the awkward parts too. Interest changes take effect with the next
 * select. A key cancelled by the action for an earlier key of the same select is still given to the action. A closed
 * channel gives its descriptor back only when a select, or the selector's close, has flushed its key.
 */
final class SimulatedSelector extends AbstractSelector {

    private final SimulatedNetwork network;
    private final Chance chance;
    private final Set<SelectionKey> keys = new LinkedHashSet<>();
    private final Set<SelectionKey> selected = new LinkedHashSet<>();
    private long registrations;
    private long spins;
    private boolean selecting;

    /** Readiness and interest as they were when the select began. */
    private record Polled(SimulatedKey key, int interest, int readiness) {}

    SimulatedSelector(SimulatedNetwork network, Chance chance) {
        super(network);
        this.network = network;
        this.chance = chance;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        requireOpen();
        if (!(channel instanceof SimulatedChannel)) {
            throw new IllegalSelectorException();
        }
        SimulatedKey key = new SimulatedKey(this, channel, registrations++);
        key.attach(attachment);
        key.interestOps(ops);
        keys.add(key);
        return key;
    }

    @Override
    public Set<SelectionKey> keys() {
        requireOpen();
        return Collections.unmodifiableSet(keys);
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        requireOpen();
        return selected;
    }

    @Override
    public int select() {
        return process(this::mark);
    }

    @Override
    public int select(long timeout) {
        requireTimeout(timeout);
        return process(this::mark);
    }

    @Override
    public int selectNow() {
        return process(this::mark);
    }

    @Override
    public int select(Consumer<SelectionKey> action) {
        Objects.requireNonNull(action);
        return process((key, ready) -> act(key, ready, action));
    }

    @Override
    public int select(Consumer<SelectionKey> action, long timeout) {
        requireTimeout(timeout);
        return select(action);
    }

    @Override
    public int selectNow(Consumer<SelectionKey> action) {
        return select(action);
    }

    /** Nobody waits here. Thread: any. */
    @Override
    public Selector wakeup() {
        return this;
    }

    private int process(ToIntBiFunction<SimulatedKey, Integer> taker) {
        requireOpen();
        if (selecting) {
            throw new IllegalStateException("select in progress");
        }
        selecting = true;
        try {
            flushCancelled();
            int taken = 0;
            for (Polled polled : poll()) {
                taken += deliver(polled, taker);
            }
            return taken;
        } finally {
            selecting = false;
        }
    }

    private List<Polled> poll() {
        List<Polled> polled = new ArrayList<>();
        for (SelectionKey each : keys) {
            SimulatedKey key = (SimulatedKey) each;
            int interest = key.currentInterest();
            if (interest == 0) {
                continue;
            }
            int readiness = key.simulated().poll() & (SimulatedChannel.GONE | watched(interest));
            if (readiness != 0 && !chance.occurs(Fault.NOT_SELECTED)) {
                polled.add(new Polled(key, interest, readiness));
            }
        }
        chance.shuffle(polled);
        return polled;
    }

    private static int watched(int interest) {
        boolean in = (interest & (SelectionKey.OP_READ | SelectionKey.OP_ACCEPT)) != 0;
        boolean out = (interest & (SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT)) != 0;
        return (in ? SimulatedChannel.IN : 0) | (out ? SimulatedChannel.OUT : 0);
    }

    private int deliver(Polled polled, ToIntBiFunction<SimulatedKey, Integer> taker) {
        SimulatedKey key = polled.key();
        int interest = key.currentInterest();
        int ready = key.simulated().translate(polled.readiness(), interest);
        if (ready != 0) {
            return taker.applyAsInt(key, ready);
        }
        if (key.isValid() && interest == polled.interest()) {
            spins++;
        }
        return 0;
    }

    private int act(SimulatedKey key, int ready, Consumer<SelectionKey> action) {
        key.ready(ready);
        action.accept(key);
        requireOpen();
        return 1;
    }

    private int mark(SimulatedKey key, int ready) {
        if (selected.add(key)) {
            key.ready(ready);
            return 1;
        }
        boolean news = (ready & ~key.ready()) != 0;
        key.ready(ready | key.ready());
        return news ? 1 : 0;
    }

    private void flushCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            List<SimulatedKey> inOrder = new ArrayList<>();
            cancelled.forEach(key -> inOrder.add((SimulatedKey) key));
            inOrder.sort(Comparator.comparingLong(SimulatedKey::number));
            cancelled.clear();
            inOrder.forEach(this::forget);
        }
    }

    private void forget(SimulatedKey key) {
        keys.remove(key);
        selected.remove(key);
        deregister(key);
        SelectableChannel channel = key.channel();
        if (!channel.isOpen() && !channel.isRegistered()) {
            key.simulated().kill();
        }
    }

    @Override
    protected void implCloseSelector() {
        for (SelectionKey key : List.copyOf(keys)) {
            forget((SimulatedKey) key);
        }
        network.onClosed(this);
    }

    int registered() {
        return keys.size();
    }

    List<String> describeKeys() {
        return keys.stream().map(key -> "still registered: " + key).toList();
    }

    /** How often a real select would have returned at once with nothing, again and again: a loop that burns its CPU. */
    long spins() {
        return spins;
    }

    private static void requireTimeout(long timeout) {
        if (timeout < 0) {
            throw new IllegalArgumentException("Negative timeout");
        }
    }

    private void requireOpen() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
    }
}
