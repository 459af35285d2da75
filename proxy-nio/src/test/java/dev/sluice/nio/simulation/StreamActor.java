package dev.sluice.nio.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.header.ProxyHeader;
import java.util.Arrays;
import java.util.Random;

/** One end of a simulated TCP connection, client or upstream: it sends its stream and checks what it receives. */
final class StreamActor {
    private static final int MOST_AT_ONCE = 3_000;

    private final int number;
    private final Peer peer;
    private final Pattern.Reader reader = new Pattern.Reader();
    private final byte[] preface;
    private final StreamHeader header;
    private boolean ended;
    private boolean gone;

    private StreamActor(int number, Peer peer, byte[] preface, StreamHeader header) {
        this.number = number;
        this.peer = peer;
        this.preface = preface;
        this.header = header;
    }

    /** One that sends this before its stream. */
    static StreamActor client(int number, Peer peer, byte[] preface) {
        return new StreamActor(number, peer, preface, null);
    }

    /** One whose stream begins with a header, or with none where that is null. */
    static StreamActor upstream(int number, Peer peer, StreamHeader header) {
        return new StreamActor(number, peer, new byte[0], header);
    }

    /** Whom its stream is for, if it has heard of that. */
    ProxyHeader header() {
        return header == null ? null : header.header();
    }

    /** How many bytes of its stream it has sent. */
    long sent() {
        return Math.max(0, peer.sent() - preface.length);
    }

    int number() {
        return number;
    }

    Peer peer() {
        return peer;
    }

    Pattern.Reader reader() {
        return reader;
    }

    /** What it received is the other's stream. */
    boolean hears(StreamActor other) {
        return reader.knowsWhose() && reader.number() == other.number;
    }

    /** Nothing is under way any more of what the other has sent, neither bytes nor an end or a reset. */
    void checkHeardAllOf(StreamActor sender, String what) {
        boolean isTold = peer.sawEnd() || peer.sawReset();
        String whose = what + ": what " + sender.peer + " sent to " + peer;
        if (!gone && (sender.gone || sender.ended)) {
            assertThat(isTold).as("%s has ended", whose).isTrue();
        }
        if (!gone && !isTold && !sender.peer.sawReset()) {
            assertThat(reader.read()).as(whose).isEqualTo(sender.sent());
        }
    }

    /** It has said all it will ever say, in good order. */
    boolean hasEnded() {
        return ended;
    }

    /** It has closed or reset its end, and reads no more. */
    boolean isGone() {
        return gone;
    }

    /** Does one thing; leaving in a bad way is as likely as the impatience says. */
    void act(Random random, double impatience) {
        if (gone) {
            return;
        }
        if (random.nextDouble() < impatience) {
            leave(random);
            return;
        }
        switch (random.nextInt(5)) {
            case 0, 1 -> write(random.nextInt(MOST_AT_ONCE));
            case 2, 3 -> read(random.nextInt(MOST_AT_ONCE));
            default -> {
                if (random.nextInt(8) == 0) {
                    end();
                }
            }
        }
    }

    void write(int count) {
        if (!ended && !gone) {
            int begun = (int) Math.min(preface.length, peer.sent());
            peer.write(
                    begun < preface.length
                            ? Arrays.copyOfRange(preface, begun, preface.length)
                            : Pattern.bytes(number, sent(), count));
        }
    }

    void read(int most) {
        if (!gone) {
            String what = "received by " + number;
            byte[] piece = peer.read(most);
            reader.accept(header == null ? piece : header.after(piece, what), what);
        }
    }

    void end() {
        if (peer.isConnected() && !gone && !ended) {
            ended = true;
            peer.shutdownOutput();
        }
    }

    private void leave(Random random) {
        gone = true;
        if (random.nextBoolean()) {
            peer.reset();
        } else {
            peer.close();
        }
    }

    void leaveAtLast() {
        if (!gone) {
            gone = true;
            peer.close();
        }
    }
}
