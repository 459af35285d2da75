package dev.sluice.nio.simulation;

import java.util.Random;

/** One end of a simulated TCP connection, client or upstream: it sends its stream and checks what it receives. */
final class StreamActor {
    private static final int MOST_AT_ONCE = 3_000;

    private final int number;
    private final Peer peer;
    private final Pattern.Reader reader = new Pattern.Reader();
    private boolean ended;
    private boolean gone;

    StreamActor(int number, Peer peer) {
        this.number = number;
        this.peer = peer;
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
            peer.write(Pattern.bytes(number, peer.sent(), count));
        }
    }

    void read(int most) {
        if (!gone) {
            reader.accept(peer.read(most), "received by " + number);
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
