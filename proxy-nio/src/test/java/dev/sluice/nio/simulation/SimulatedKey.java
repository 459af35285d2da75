package dev.sluice.nio.simulation;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;

/** A channel's registration with a selector. */
final class SimulatedKey extends AbstractSelectionKey {

    private final SimulatedSelector selector;
    private final SelectableChannel channel;
    private final long number;
    private int interest;
    private int ready;

    SimulatedKey(SimulatedSelector selector, SelectableChannel channel, long number) {
        this.selector = selector;
        this.channel = channel;
        this.number = number;
    }

    @Override
    public SelectableChannel channel() {
        return channel;
    }

    @Override
    public Selector selector() {
        return selector;
    }

    @Override
    public int interestOps() {
        requireValid();
        return interest;
    }

    @Override
    public SimulatedKey interestOps(int ops) {
        requireValid();
        if ((ops & ~channel.validOps()) != 0) {
            throw new IllegalArgumentException("not an operation of " + channel + ": " + ops);
        }
        interest = ops;
        return this;
    }

    @Override
    public int readyOps() {
        requireValid();
        return ready;
    }

    /** The order of registration, which makes runs repeatable. */
    long number() {
        return number;
    }

    /** The interest even of a cancelled key. */
    int currentInterest() {
        return interest;
    }

    void ready(int ops) {
        ready = ops;
    }

    int ready() {
        return ready;
    }

    SimulatedChannel simulated() {
        return (SimulatedChannel) channel;
    }

    private void requireValid() {
        if (!isValid()) {
            throw new CancelledKeyException();
        }
    }

    @Override
    public String toString() {
        return "key " + number + " of " + channel + ", interest " + interest + (isValid() ? "" : ", cancelled");
    }
}
