package dev.sluice.fault;

/**
 * Nothing comes. A stream holds up to 4 MiB, reads no more then, and all comes in order once the fault is over; of
 * datagrams the same bytes are held, and what is beyond them is dropped and counted. A flow in which nothing moves ends
 * at its route's idle timeout all the same.
 */
public record Stall() implements StreamFault, DatagramFault {
    @Override
    public String toString() {
        return "stall";
    }
}
