package dev.sluice;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;

/**
 * How a server finds out by itself, at intervals, whether an upstream is well. Immutable; off unless a group has one.
 *
 * <p>Each upstream is checked from the proxy's own address, by the workers, at its own random moment of the interval. A
 * new one is taken for healthy until its first check, which decides alone; after that {@link #rise} or {@link #fall}
 * checks in a row decide. Who fails them is {@link UpstreamHealth#UNHEALTHY} and gets no new flows, unless there is
 * nobody else to try. Who passes as many as {@link #rise} says is also back from an {@link Ejection} before its time.
 * A check that the host had no descriptor or port for decides nothing.
 */
public final class HealthCheck {

    /** What a check does. */
    public enum Kind {
        /** Opens a TCP connection. */
        CONNECT,
        /** Opens a TCP connection, sends something and expects an answer. */
        EXCHANGE,
        /** Sends a UDP datagram and expects one in answer. */
        DATAGRAM
    }

    private static final int HIGHEST_PORT = 65_535;
    /** The longest datagram over IPv4. */
    private static final int LONGEST = 65_507;

    private final Message message;
    private final Rhythm rhythm;
    private final int port;
    private final Leaving leaving;

    private record Message(Kind kind, byte[] send, byte[] expect) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Message that
                    && kind == that.kind
                    && Arrays.equals(send, that.send)
                    && Arrays.equals(expect, that.expect);
        }

        @Override
        public int hashCode() {
            return 31 * (31 * kind.hashCode() + Arrays.hashCode(send)) + Arrays.hashCode(expect);
        }
    }

    private record Rhythm(Duration interval, Duration timeout, int rise, int fall) {
        static Rhythm usual() {
            return new Rhythm(Duration.ofSeconds(5), Duration.ofSeconds(2), 2, 3);
        }
    }

    private HealthCheck(Message message, Rhythm rhythm, int port, Leaving leaving) {
        this.message = message;
        this.rhythm = rhythm;
        this.port = port;
        this.leaving = leaving;
    }

    private static HealthCheck of(Kind kind, byte[] send, byte[] expect) {
        Check check = check();
        if (check.given("what to send", send).length > LONGEST) {
            throw check.wrong("what to send has " + send.length + " bytes; use at most " + LONGEST);
        }
        if (check.given("what to expect", expect).length > LONGEST) {
            throw check.wrong("what to expect has " + expect.length + " bytes; use at most " + LONGEST);
        }
        return new HealthCheck(new Message(kind, send.clone(), expect.clone()), Rhythm.usual(), 0, Leaving.keep());
    }

    private static Check check() {
        return new Check("health check: ");
    }

    /** {@return a check that an upstream passes by accepting a TCP connection, which is closed at once} */
    public static HealthCheck connect() {
        return of(Kind.CONNECT, new byte[0], new byte[0]);
    }

    /**
     * {@return a check over TCP, which an upstream passes if its answer has the expected text in it}
     *
     * @param send sent as UTF-8 as soon as the connection is there; if empty the upstream speaks first
     * @param expect searched for in the first 64 KiB of the answer, as UTF-8; if empty any answer will do
     * @throws IllegalArgumentException if one is longer than 65,507 bytes
     */
    public static HealthCheck exchange(String send, String expect) {
        return exchange(bytes("what to send", send), bytes("what to expect", expect));
    }

    /**
     * {@return as {@link #exchange(String, String)}, for bytes}
     *
     * @param send sent as soon as the connection is there; if empty the upstream speaks first
     * @param expect searched for in the first 64 KiB of the answer; if empty any answer will do
     * @throws IllegalArgumentException if one is longer than 65,507 bytes
     */
    public static HealthCheck exchange(byte[] send, byte[] expect) {
        return of(Kind.EXCHANGE, send, expect);
    }

    /**
     * {@return a check over UDP, which an upstream passes if it answers with a datagram that has the expected text in
     * it}
     *
     * @param send sent as UTF-8; not empty
     * @param expect searched for in the first answer, as UTF-8; if empty any answer will do
     * @throws IllegalArgumentException if there is nothing to send, or one is longer than 65,507 bytes
     */
    public static HealthCheck datagram(String send, String expect) {
        return datagram(bytes("what to send", send), bytes("what to expect", expect));
    }

    /**
     * {@return as {@link #datagram(String, String)}, for bytes, such as a query of the domain name system}
     *
     * @param send not empty
     * @param expect searched for in the first answer; if empty any answer will do
     * @throws IllegalArgumentException if there is nothing to send, or one is longer than 65,507 bytes
     */
    public static HealthCheck datagram(byte[] send, byte[] expect) {
        if (check().given("what to send", send).length == 0) {
            throw check().wrong("what to send is empty; a datagram check needs something that is answered");
        }
        return of(Kind.DATAGRAM, send, expect);
    }

    private static byte[] bytes(String field, String text) {
        return check().given(field, text).getBytes(StandardCharsets.UTF_8);
    }

    /**
     * {@return the same check at another interval}
     *
     * @param every from the beginning of a check to that of the next, give or take a tenth at random so that instances
     *     do not check in step; above zero, by default 5 seconds. A check that takes longer delays the next
     * @throws IllegalArgumentException if zero, negative or longer than 36,500 days
     */
    public HealthCheck interval(Duration every) {
        return with(new Rhythm(above("interval", every), rhythm.timeout, rhythm.rise, rhythm.fall));
    }

    /**
     * {@return the same check with another timeout}
     *
     * @param most how long a check may take, looking up a name and connecting included; above zero, by default 2
     *     seconds
     * @throws IllegalArgumentException if zero, negative or longer than 36,500 days
     */
    public HealthCheck timeout(Duration most) {
        return with(new Rhythm(rhythm.interval, above("timeout", most), rhythm.rise, rhythm.fall));
    }

    /**
     * {@return the same check with another condition for coming back}
     *
     * @param passed checks in a row that make an upstream healthy again; 1 or more, by default 2
     * @throws IllegalArgumentException if it is less than 1
     */
    public HealthCheck rise(int passed) {
        return with(new Rhythm(rhythm.interval, rhythm.timeout, check().atLeast("rise", passed, 1, ""), rhythm.fall));
    }

    /**
     * {@return the same check with another condition for being taken out}
     *
     * @param failed checks in a row that make an upstream unhealthy; 1 or more, by default 3
     * @throws IllegalArgumentException if it is less than 1
     */
    public HealthCheck fall(int failed) {
        return with(new Rhythm(rhythm.interval, rhythm.timeout, rhythm.rise, check().atLeast("fall", failed, 1, "")));
    }

    /**
     * {@return the same check of another port of the upstream's host, such as one that tells whether it is ready}
     *
     * @param port 1 to 65535; 0, the default, for the upstream's own
     * @throws IllegalArgumentException if it is out of range
     */
    public HealthCheck port(int port) {
        if (port < 0 || port > HIGHEST_PORT) {
            throw check().wrong("port " + port + " is out of range; use 1 to " + HIGHEST_PORT
                    + ", or 0 for the upstream's own");
        }
        return new HealthCheck(message, rhythm, port, leaving);
    }

    /**
     * {@return the same check with something that happens to the connections of an upstream when it becomes unhealthy}
     *
     * @param flows by default {@link Leaving#keep()}: they may be well, and end by themselves or by their timeouts. UDP
     *     sessions always end at once, so that the next datagram finds another upstream
     */
    public HealthCheck leaving(Leaving flows) {
        return new HealthCheck(message, rhythm, port, check().given("leaving", flows));
    }

    private HealthCheck with(Rhythm next) {
        return new HealthCheck(message, next, port, leaving);
    }

    private static Duration above(String field, Duration value) {
        if (check().duration(field, value).isZero()) {
            throw check().wrong(field + " is zero; use a longer one, or a group without a check");
        }
        return value;
    }

    /** {@return what it does} */
    public Kind kind() {
        return message.kind;
    }

    /** {@return what it sends, a copy; empty if nothing} */
    public byte[] send() {
        return message.send.clone();
    }

    /** {@return what must be in the answer, a copy; empty if any answer will do, or none is awaited} */
    public byte[] expect() {
        return message.expect.clone();
    }

    /** {@return the time from one check to the next, before the jitter} */
    public Duration interval() {
        return rhythm.interval;
    }

    /** {@return how long a check may take} */
    public Duration timeout() {
        return rhythm.timeout;
    }

    /** {@return checks in a row that must be passed to become healthy} */
    public int rise() {
        return rhythm.rise;
    }

    /** {@return checks in a row that must fail to become unhealthy} */
    public int fall() {
        return rhythm.fall;
    }

    /** {@return the port that is checked; 0 for the upstream's own} */
    public int port() {
        return port;
    }

    /** {@return what happens to the connections of an upstream that becomes unhealthy} */
    public Leaving leaving() {
        return leaving;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HealthCheck that
                && message.equals(that.message)
                && rhythm.equals(that.rhythm)
                && port == that.port
                && leaving.equals(that.leaving);
    }

    @Override
    public int hashCode() {
        return Objects.hash(message, rhythm, port, leaving);
    }

    @Override
    public String toString() {
        return message.kind + (port == 0 ? "" : " to port " + port) + " every " + rhythm.interval;
    }
}
