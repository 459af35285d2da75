package dev.sluice.nio.simulation;

import static dev.sluice.nio.simulation.Ground.bytes;
import static dev.sluice.nio.simulation.Ground.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nio.simulation.Ground.Pair;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;

/** What bytes, ends and resets do on a TCP connection. */
interface TcpConformance {

    Ground ground();

    @Test
    default void whatWasWrittenArrivesBeforeTheEnd() throws Exception {
        Pair pair = ground().pair();

        write(pair.client(), "hello");
        pair.client().shutdownOutput();

        assertThat(ground().read(pair.server(), 5)).isEqualTo("hello");
        ground().readEnd(pair.server());
        ground().readEnd(pair.server());
    }

    @Test
    default void theOtherDirectionGoesOnAfterAHalfClose() throws Exception {
        Pair pair = ground().pair();

        pair.client().shutdownOutput();
        ground().readEnd(pair.server());
        write(pair.server(), "answer");

        assertThat(ground().read(pair.client(), 6)).isEqualTo("answer");
        assertThatThrownBy(() -> pair.client().write(bytes("more"))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void aReadFindsNothingUntilSomethingArrives() throws Exception {
        Pair pair = ground().pair();

        assertThat(pair.server().read(ByteBuffer.allocate(8))).isZero();
        assertThat(pair.client().write(ByteBuffer.allocate(0))).isZero();
        write(pair.client(), "ab");
        assertThat(pair.client().write(new ByteBuffer[] {bytes("cd"), bytes(""), bytes("e")}))
                .isEqualTo(3);

        assertThat(ground().read(pair.server(), 5)).isEqualTo("abcde");
    }

    @Test
    default void aScatteredReadFillsOneBufferAfterTheOther() throws Exception {
        Pair pair = ground().pair();
        write(pair.client(), "abc");
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_READ);
        ground().ready(key);
        ground().aWhile();
        ByteBuffer first = ByteBuffer.allocate(2);
        ByteBuffer second = ByteBuffer.allocate(2);

        assertThat(pair.server().read(new ByteBuffer[] {first, second})).isEqualTo(3);

        assertThat(first.hasRemaining()).isFalse();
        assertThat(second.position()).isEqualTo(1);
    }

    @Test
    default void aChannelThatWasNeverConnectedMovesNothing() throws Exception {
        SocketChannel channel = ground().socket();

        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(() -> channel.write(bytes("x"))).isInstanceOf(NotYetConnectedException.class);
        assertThatThrownBy(channel::shutdownOutput).isInstanceOf(NotYetConnectedException.class);
    }

    @Test
    default void aResetLeavesWhatArrivedBeforeItReadableThenThrowsForEver() throws Exception {
        Pair pair = ground().pair();
        write(pair.client(), "last words");
        ground().aWhile();

        Ground.reset(pair.client());
        ground().aWhile();

        assertThat(ground().read(pair.server(), 10)).isEqualTo("last words");
        assertThat(ground().readUntilReset(pair.server())).isZero();
        assertThatIOException()
                .isThrownBy(() -> pair.server().read(ByteBuffer.allocate(1)))
                .withMessage("Connection reset");
        assertThatIOException()
                .isThrownBy(() -> pair.server().write(bytes("x")))
                .withMessage("Broken pipe");
    }

    @Test
    default void aWriteAfterAResetFailsFirstWithTheResetThenWithABrokenPipe() throws Exception {
        Pair pair = ground().pair();
        Ground.reset(pair.client());
        ground().aWhile();

        assertThatIOException()
                .isThrownBy(() -> pair.server().write(bytes("x")))
                .withMessage("Connection reset by peer");
        assertThatIOException()
                .isThrownBy(() -> pair.server().write(bytes("x")))
                .withMessage("Broken pipe");
    }

    /** The trap: the error is told once, so the truncated stream now looks complete. */
    @Test
    default void afterAWriteHasTakenTheResetARefusedReadLooksLikeTheEnd() throws Exception {
        Pair pair = ground().pair();
        write(pair.client(), "half an ans");
        ground().aWhile();
        Ground.reset(pair.client());
        ground().aWhile();

        assertThatIOException().isThrownBy(() -> pair.server().write(bytes("x")));

        assertThat(ground().read(pair.server(), 11)).isEqualTo("half an ans");
        ground().readEnd(pair.server());
    }

    @Test
    default void aCloseWithUnreadBytesIsAReset() throws Exception {
        Pair pair = ground().pair();
        write(pair.server(), "never read");
        ground().aWhile();

        pair.client().close();

        assertThat(ground().readUntilReset(pair.server())).isZero();
    }

    @Test
    default void aWriteToAClosedPeerIsTakenAndAnsweredWithAReset() throws Exception {
        Pair pair = ground().pair();
        pair.client().close();
        ground().readEnd(pair.server());

        write(pair.server(), "anybody there?");
        ground().aWhile();

        assertThatIOException()
                .isThrownBy(() -> pair.server().write(bytes("x")))
                .withMessage("Broken pipe");
        ground().readEnd(pair.server());
    }

    @Test
    default void aResetAfterTheEndIsNeverReadOnlyWritten() throws Exception {
        Pair pair = ground().pair();
        pair.client().shutdownOutput();
        ground().readEnd(pair.server());

        Ground.reset(pair.client());
        ground().aWhile();

        ground().readEnd(pair.server());
        assertThatIOException()
                .isThrownBy(() -> pair.server().write(bytes("x")))
                .withMessage("Broken pipe");
    }

    @Test
    default void aCloseDeliversEverythingThatTheKernelTook() throws Exception {
        Pair pair = ground().pair();
        long taken = ground().fill(pair.client());

        pair.client().close();

        long[] read = new long[1];
        ground().eventually(() -> {
            int count = pair.server().read(ByteBuffer.allocate(65_536));
            read[0] += Math.max(0, count);
            return count == -1;
        });
        assertThat(read[0]).isEqualTo(taken);
    }

    @Test
    default void aResetDiscardsWhatHasNotBeenSent() throws Exception {
        Pair pair = ground().pair();
        long taken = ground().fill(pair.client());

        Ground.reset(pair.client());

        assertThat(ground().readUntilReset(pair.server())).isLessThan(taken);
    }

    @Test
    default void aResetWhenBothDirectionsHaveEndedIsNotEvenSent() throws Exception {
        Pair pair = ground().pair();
        pair.server().shutdownOutput();
        ground().readEnd(pair.client());
        pair.client().shutdownOutput();
        ground().readEnd(pair.server());

        Ground.reset(pair.client());
        ground().aWhile();

        ground().readEnd(pair.server());
    }

    @Test
    default void dataThatArrivesAtAClosedChannelCutsOffWhatThatStillHadToSend() throws Exception {
        Pair pair = ground().pair();
        long taken = ground().fill(pair.client());
        pair.client().close();
        ground().aWhile();

        write(pair.server(), "too late");
        ground().aWhile();

        assertThat(ground().readUntilReset(pair.server())).isLessThan(taken);
    }

    @Test
    default void shuttingDownOutputAfterAResetIsQuiet() throws Exception {
        Pair pair = ground().pair();
        Ground.reset(pair.client());
        ground().aWhile();

        pair.server().shutdownOutput();

        assertThatThrownBy(() -> pair.server().write(bytes("x"))).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    default void aClosedChannelAnswersNothing() throws IOException {
        SocketChannel channel = ground().socket();
        channel.close();

        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(channel::getLocalAddress).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.TCP_NODELAY, true))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> channel.register(ground().selector(), 0)).isInstanceOf(ClosedChannelException.class);
    }
}
