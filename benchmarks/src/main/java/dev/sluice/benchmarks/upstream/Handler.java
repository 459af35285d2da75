package dev.sluice.benchmarks.upstream;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What a selection key is attached to. */
interface Handler {
    void onReady(SelectionKey key) throws IOException;
}
