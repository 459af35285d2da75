package dev.sluice.nio.simulation;

import java.util.Random;

/**
 * How much the simulated kernel holds.
 *
 * @param send bytes of a TCP send queue, unless SO_SNDBUF asks for fewer
 * @param smallestSend the fewest bytes that SO_SNDBUF can ask for; with 1, write readiness then means that nothing at
 *     all is left
 * @param receive bytes of a TCP receive queue
 * @param segment bytes that one direction of a connection moves in one step
 * @param datagrams datagrams that a UDP socket queues; one too many is dropped
 */
public record KernelBuffers(int send, int smallestSend, int receive, int segment, int datagrams) {

    public KernelBuffers {
        if (smallestSend < 1 || send < smallestSend || receive < 1 || segment < 1 || datagrams < 1) {
            throw new IllegalArgumentException("a kernel without room: " + send + ", " + smallestSend + ", " + receive
                    + ", " + segment + ", " + datagrams);
        }
    }

    /** Room enough that small tests never meet a limit. */
    public static KernelBuffers roomy() {
        return new KernelBuffers(65_536, 1, 65_536, 65_536, 256);
    }

    /** A random kernel, from one byte at a time to a few thousand. */
    public static KernelBuffers random(Random random) {
        int most = 1 << random.nextInt(13);
        return new KernelBuffers(
                1 + random.nextInt(most),
                1,
                1 + random.nextInt(most),
                1 + random.nextInt(most),
                1 + random.nextInt(32));
    }
}
