package dev.sluice;

import java.time.Instant;

/** An upstream's health has changed. Immutable, may be kept. */
public interface UpstreamChange {

    /** {@return the name of the group} */
    String group();

    /** {@return the upstream} */
    Upstream upstream();

    /** {@return its health before} */
    UpstreamHealth from();

    /** {@return its health from now on} */
    UpstreamHealth to();

    /** {@return why, in words for a log} */
    String reason();

    /** {@return when} */
    Instant at();
}
