package dev.sluice.nio.socket;

import java.net.BindException;

/**
 * Tells what the own host lacks from what an upstream does.
 *
 * <p>Thread: any.
 */
public final class HostFailures {
    private HostFailures() {}

    /** No free port, no address of its own to connect from, or no permission: of a connect that failed at once. */
    public static boolean isOne(Exception e) {
        return e instanceof BindException || String.valueOf(e.getMessage()).contains("Operation not permitted");
    }
}
