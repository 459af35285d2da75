package dev.sluice.fault;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * One way to misbehave. Immutable; any number of rules and routes may have the same one. What is out of range throws
 * {@link IllegalArgumentException}.
 *
 * <p>Under every fault a TCP stream keeps its order, and loses or doubles nothing unless the fault says so; an end of
 * stream follows the bytes before it, and the other direction goes on. A reset by either side takes the road of an end
 * of stream.
 */
public sealed interface Fault permits StreamFault, DatagramFault, ListeningFault {

    /**
     * {@return data comes later, by the same time}
     *
     * <p>A stream holds at most 4 MiB for it in each direction of a flow, and is not read meanwhile; so it carries no
     * more than 4 MiB in that time. Datagrams beyond that are dropped and counted.
     *
     * @param delay zero or more
     */
    static Latency latency(Duration delay) {
        return new Latency(delay, Duration.ZERO, false, false);
    }

    /**
     * {@return data comes no faster, for each flow by itself}
     *
     * @param bytesPerSecond 1 or more
     */
    static Bandwidth bandwidth(long bytesPerSecond) {
        return new Bandwidth(bytesPerSecond, false);
    }

    /**
     * {@return data comes in pieces no longer than this, each sent by itself}
     *
     * @param bytes 1 or more
     */
    static Slicing slice(int bytes) {
        return new Slicing(bytes, 0, Duration.ZERO);
    }

    /**
     * {@return the flow is closed in good order once so many bytes have passed}
     *
     * @param bytes 1 or more
     */
    static Limit limit(long bytes) {
        return new Limit(bytes);
    }

    /**
     * {@return an end of stream comes at once, behind what was read before, and the other direction goes on; what is
     * sent later is lost}
     */
    static HalfClose halfClose() {
        return new HalfClose(0);
    }

    /**
     * {@return an end of stream comes behind so many bytes, and the other direction goes on; what comes later is lost}
     *
     * @param bytes 1 or more
     */
    static HalfClose halfCloseAfter(long bytes) {
        return new HalfClose(Bounds.atLeast("half-close after bytes", bytes, 1));
    }

    /**
     * {@return the end of stream comes later}
     *
     * <p>A connection that has one end already, and makes no progress, ends at the route's half-closed timeout all the
     * same.
     *
     * @param delay zero or more
     */
    static SlowClose slowClose(Duration delay) {
        return new SlowClose(delay);
    }

    /** {@return nothing comes; what is held comes, in order, once the fault is over} */
    static Stall stall() {
        return new Stall();
    }

    /**
     * {@return what is sent is lost, and no end of it is seen}
     *
     * <p>An end of stream is not lost, but held until the fault is over.
     */
    static BlackHole blackHole() {
        return new BlackHole();
    }

    /** {@return the flow is reset, both ways, as soon as it is under the fault} */
    static Reset reset() {
        return new Reset(0, Duration.ZERO);
    }

    /**
     * {@return the flow is reset, both ways, after so many bytes, which arrive before it}
     *
     * @param bytes 1 or more
     */
    static Reset resetAfter(long bytes) {
        return new Reset(Bounds.atLeast("reset after bytes", bytes, 1), Duration.ZERO);
    }

    /**
     * {@return the flow is reset, both ways, when it has been under the fault for so long}
     *
     * @param time zero or more
     */
    static Reset resetAfter(Duration time) {
        return new Reset(0, time);
    }

    /**
     * {@return datagrams are lost}
     *
     * @param rate the share of them, 0 for none to 1 for all
     */
    static Loss loss(double rate) {
        return new Loss(rate, 1);
    }

    /**
     * {@return every so manieth datagram of a session is lost}
     *
     * @param n 1 or more; with 3, the third, the sixth and so on
     */
    static PeriodicLoss lossEvery(int n) {
        return new PeriodicLoss(n);
    }

    /**
     * {@return datagrams are lost that the test says}
     *
     * @param isLost is given the payload, read-only; runs on a worker and must not block or keep its argument. If it
     *     throws, the datagram passes, and {@code callbackFailures} of the route counts it
     */
    static SelectiveLoss lossIf(Predicate<ByteBuffer> isLost) {
        return new SelectiveLoss(isLost);
    }

    /**
     * {@return datagrams come twice}
     *
     * @param rate the share of them, 0 to 1
     */
    static Duplication duplicate(double rate) {
        return new Duplication(rate);
    }

    /**
     * {@return datagrams come after the one that was sent next; at the latest after 100 ms}
     *
     * @param rate the share of them, 0 to 1
     */
    static Reordering reorder(double rate) {
        return new Reordering(rate, 1, Duration.ofMillis(100));
    }

    /**
     * {@return datagrams come with one bit flipped}
     *
     * @param rate the share of them, 0 to 1
     */
    static Corruption corrupt(double rate) {
        return new Corruption(rate);
    }

    /**
     * {@return datagrams come without what is beyond this length}
     *
     * @param bytes 0 or more
     */
    static Truncation truncate(int bytes) {
        return new Truncation(bytes, 1);
    }

    /**
     * {@return the upstream sees a session come from another port from its next datagram on, as when a network address
     * translator has forgotten it: what is sent to the port before is lost}
     */
    static Rebinding rebind() {
        return new Rebinding(Duration.ZERO);
    }

    /** {@return clients are refused, as if nobody listened: the port is closed} */
    static ListeningFault refuse() {
        return ListeningFault.REFUSE;
    }

    /** {@return clients that connect get no answer, and time out} */
    static ListeningFault unresponsive() {
        return ListeningFault.UNRESPONSIVE;
    }

    /** {@return clients are connected, and see an end of stream at once} */
    static ListeningFault acceptAndClose() {
        return ListeningFault.ACCEPT_AND_CLOSE;
    }

    /** {@return clients are connected, and reset at once} */
    static ListeningFault acceptAndReset() {
        return ListeningFault.ACCEPT_AND_RESET;
    }

    /** {@return clients are connected by the kernel, but not served until the fault is over; then they are} */
    static ListeningFault pauseAccepting() {
        return ListeningFault.PAUSE_ACCEPTING;
    }
}
