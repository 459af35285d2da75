package dev.sluice.fault;

/** What is sent is taken and lost; an end of stream is held until the fault is over. */
public record BlackHole() implements StreamFault, DatagramFault {
    @Override
    public String toString() {
        return "black hole";
    }
}
