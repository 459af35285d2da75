package dev.sluice.nio.tcp;

/**
 * How far a pipe has come with what its source sends.
 *
 * <p>Thread: any.
 */
enum PipePhase {
    /** The source may send more. */
    FLOWING,
    /** The source will send no more; what it sent before is not yet written. */
    ENDING,
    /** All is written, and the end of stream was passed on. */
    ENDED,
    /** All is written; the sink is writable once it has acknowledged nearly all of it. */
    ACKNOWLEDGING,
    /** The sink is gone; what the source still sends is read and dropped, so that it need not be reset. */
    DISCARDING,
    /** Nothing more is written. */
    STOPPED
}
