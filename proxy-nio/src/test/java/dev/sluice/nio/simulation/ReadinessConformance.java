package dev.sluice.nio.simulation;

import static dev.sluice.nio.simulation.Ground.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.simulation.Ground.Pair;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.junit.jupiter.api.Test;

/** When a TCP channel is ready, and for what. */
interface ReadinessConformance {

    Ground ground();

    /** The rest is what a third of the kernel's smallest send buffer leaves room for; a simulated kernel keeps none. */
    @Test
    default void withASendBufferOfOneWriteReadinessMeansThatAllButATinyRestHasLeft() throws Exception {
        Pair pair = ground().pair();
        long taken = ground().fill(pair.client());
        long read = readUntilAcknowledged(pair);

        Ground.reset(pair.client());

        assertThat(taken - read - ground().readUntilReset(pair.server())).isBetween(0L, 3_072L);
    }

    @Test
    default void aMomentAfterThatReadinessTheRestHasLeftTooWhenThePeerReads() throws Exception {
        Pair pair = ground().pair();
        long taken = ground().fill(pair.client());
        long read = readUntilAcknowledged(pair);

        while (read < taken) {
            ground().aWhile();
            read += pair.server().read(ByteBuffer.allocate(65_536));
        }
        Ground.reset(pair.client());

        assertThat(read + ground().readUntilReset(pair.server())).isEqualTo(taken);
    }

    /** Shrinks the client's send buffer and reads at the server until the client is writable again. */
    private long readUntilAcknowledged(Pair pair) throws Exception {
        SelectionKey key = pair.client().register(ground().selector(), SelectionKey.OP_WRITE);
        pair.client().setOption(StandardSocketOptions.SO_SNDBUF, 1);
        assertThat(ground().readyAfterAWhile(key)).isZero();
        long[] read = new long[1];
        ground().eventually(() -> {
            read[0] += pair.server().read(ByteBuffer.allocate(65_536));
            boolean[] left = new boolean[1];
            key.selector().selectNow(k -> left[0] = true);
            return left[0];
        });
        key.cancel();
        key.selector().selectNow(k -> {});
        return read[0];
    }

    @Test
    default void writeReadinessComesBackWhenThePeerReads() throws Exception {
        Pair pair = ground().pair();
        ground().fill(pair.client());
        SelectionKey key = pair.client().register(ground().selector(), SelectionKey.OP_WRITE);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        ground().eventually(() -> {
            pair.server().read(ByteBuffer.allocate(65_536));
            boolean[] ready = new boolean[1];
            key.selector().selectNow(k -> ready[0] = k.isWritable());
            return ready[0];
        });

        assertThat(pair.client().write(bytes("x"))).isEqualTo(1);
    }

    @Test
    default void withoutInterestAResetIsNotSeenWithAnyItIs() throws Exception {
        Pair pair = ground().pair();
        SelectionKey key = pair.server().register(ground().selector(), 0);

        Ground.reset(pair.client());

        assertThat(ground().readyAfterAWhile(key)).isZero();
        key.interestOps(SelectionKey.OP_READ);
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
    }

    @Test
    default void aResetMakesTheWholeInterestReady() throws Exception {
        Pair pair = ground().pair();
        ground().fill(pair.server());
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_WRITE);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        Ground.reset(pair.client());
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_WRITE);
        key.interestOps(SelectionKey.OP_WRITE | SelectionKey.OP_READ);

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_WRITE | SelectionKey.OP_READ);
    }

    @Test
    default void anEndIsReadReadyAsLongAsThereIsReadInterest() throws Exception {
        Pair pair = ground().pair();
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_READ);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        pair.client().shutdownOutput();

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
        ground().readEnd(pair.server());
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
    }

    @Test
    default void anEndIsNotSeenWithOnlyWriteInterest() throws Exception {
        Pair pair = ground().pair();
        ground().fill(pair.server());
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_WRITE);

        pair.client().shutdownOutput();

        assertThat(ground().readyAfterAWhile(key)).isZero();
    }

    @Test
    default void whenBothDirectionsHaveEndedAnyInterestIsReady() throws Exception {
        Pair pair = ground().pair();
        pair.server().shutdownOutput();
        ground().readEnd(pair.client());
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_READ);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        pair.client().shutdownOutput();

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
        key.interestOps(SelectionKey.OP_WRITE);
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_WRITE);
    }

    @Test
    default void afterItsOwnEndAChannelIsWriteReady() throws Exception {
        Pair pair = ground().pair();
        ground().fill(pair.server());
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_WRITE);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        pair.server().shutdownOutput();

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_WRITE);
    }
}
