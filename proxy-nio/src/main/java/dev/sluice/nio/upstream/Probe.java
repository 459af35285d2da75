package dev.sluice.nio.upstream;

import dev.sluice.nio.loop.Loop;
import java.net.InetSocketAddress;

/**
 * What one kind of check does with one address. It is used again and again, and holds no channel in between.
 *
 * <p>Thread: worker.
 */
interface Probe extends Loop.Handler {
    /** Hears how a check went, once for each that was begun and not abandoned. */
    interface Verdict {
        void passed();

        void failed(String how);

        /** The host lacked what a check needs: it says nothing about the upstream. */
        void undecided();
    }

    /** The verdict may come before this returns. */
    void begin(InetSocketAddress upstream);

    /** Gives up what is under way, if anything is; there will be no verdict. */
    void abandon();
}
