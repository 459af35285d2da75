package dev.sluice.nio.simulation;

import static dev.sluice.nio.simulation.Ground.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.nio.simulation.Ground.Pair;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What selectors and keys do. */
interface SelectorConformance {

    Ground ground();

    @Test
    default void readinessIsLevelTriggered() throws Exception {
        Pair pair = ground().pair();
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_READ);
        write(pair.client(), "ab");

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ);
        ground().read(pair.server(), 2);

        assertThat(ground().readyAfterAWhile(key)).isZero();
    }

    @Test
    default void onlyTheInterestIsReported() throws Exception {
        Pair pair = ground().pair();
        SelectionKey key = pair.server().register(ground().selector(), SelectionKey.OP_WRITE);
        write(pair.client(), "ab");
        ground().aWhile();

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_WRITE);
        key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        key.interestOps(0);
        assertThat(ground().readyAfterAWhile(key)).isZero();
    }

    /** The trap: asking such a key for its ready operations throws. */
    @Test
    default void aKeyCancelledEarlierInTheSameSelectIsStillHandedOver() throws Exception {
        Selector selector = ground().selector();
        List<SelectionKey> keys = twoReady(selector);
        List<SelectionKey> seen = new ArrayList<>();

        selector.selectNow(key -> {
            seen.add(key);
            if (seen.size() == 1) {
                other(keys, key).cancel();
            }
        });

        assertThat(seen).containsExactlyInAnyOrderElementsOf(keys);
        SelectionKey cancelled = seen.get(1);
        assertThat(cancelled.isValid()).isFalse();
        assertThatThrownBy(cancelled::readyOps).isInstanceOf(CancelledKeyException.class);
        assertThatThrownBy(() -> cancelled.interestOps(0)).isInstanceOf(CancelledKeyException.class);
    }

    @Test
    default void aKeyWhoseInterestWasTakenAwayEarlierInTheSameSelectIsNot() throws Exception {
        Selector selector = ground().selector();
        List<SelectionKey> keys = twoReady(selector);
        List<SelectionKey> seen = new ArrayList<>();

        selector.selectNow(key -> {
            seen.add(key);
            other(keys, key).interestOps(0);
        });

        assertThat(seen).hasSize(1);
    }

    private List<SelectionKey> twoReady(Selector selector) throws Exception {
        List<SelectionKey> keys = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Pair pair = ground().pair();
            write(pair.client(), "x");
            keys.add(pair.server().register(selector, SelectionKey.OP_READ));
        }
        keys.forEach(key -> assertThat(key.isValid()).isTrue());
        ground().ready(keys.get(0));
        ground().ready(keys.get(1));
        return keys;
    }

    private static SelectionKey other(List<SelectionKey> keys, SelectionKey key) {
        return keys.get(keys.get(0) == key ? 1 : 0);
    }

    @Test
    default void aCancelledKeyStaysUntilTheNextSelect() throws Exception {
        Selector selector = ground().selector();
        SocketChannel channel = ground().pair().server();
        SelectionKey key = channel.register(selector, 0, "attached");
        assertThat(channel.keyFor(selector)).isSameAs(key);
        assertThat(key.attachment()).isEqualTo("attached");

        key.cancel();

        assertThat(channel.isRegistered()).isTrue();
        assertThat(selector.keys()).containsExactly(key);
        assertThatThrownBy(() -> channel.register(selector, 0)).isInstanceOf(CancelledKeyException.class);
        selector.selectNow(k -> {});
        assertThat(channel.isRegistered()).isFalse();
        assertThat(selector.keys()).isEmpty();
        assertThat(channel.register(selector, 0)).isNotSameAs(key);
    }

    @Test
    default void aChannelClosedWhileRegisteredEndsItsStreamAtOnce() throws Exception {
        Pair pair = ground().pair();
        pair.client().register(ground().selector(), SelectionKey.OP_READ);

        pair.client().close();

        ground().readEnd(pair.server());
    }

    @Test
    default void aChannelClosedWhileRegisteredResetsOnlyWhenItsKeyIsFlushed() throws Exception {
        Pair pair = ground().pair();
        Selector selector = ground().selector();
        pair.client().register(selector, SelectionKey.OP_READ);

        Ground.reset(pair.client());
        ground().aWhile();
        assertThat(pair.server().read(ByteBuffer.allocate(1))).isZero();

        selector.selectNow(k -> {});
        assertThat(ground().readUntilReset(pair.server())).isZero();
    }

    @Test
    default void aChannelWhoseKeyWasFlushedBeforeClosesAtOnce() throws Exception {
        Pair pair = ground().pair();
        Selector selector = ground().selector();
        pair.client().register(selector, SelectionKey.OP_READ).cancel();
        selector.selectNow(k -> {});

        Ground.reset(pair.client());

        assertThat(ground().readUntilReset(pair.server())).isZero();
    }

    @Test
    default void closingTheSelectorFlushesItsKeys() throws Exception {
        Pair pair = ground().pair();
        Selector selector = ground().selector();
        SelectionKey key = pair.client().register(selector, SelectionKey.OP_READ);
        Ground.reset(pair.client());

        selector.close();

        assertThat(ground().readUntilReset(pair.server())).isZero();
        assertThat(key.isValid()).isFalse();
        assertThatThrownBy(selector::selectNow).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(selector::keys).isInstanceOf(ClosedSelectorException.class);
        assertThatThrownBy(() -> pair.server().register(selector, 0)).isInstanceOf(ClosedSelectorException.class);
    }

    @Test
    default void aChannelOfTwoSelectorsIsHeldByBoth() throws Exception {
        Pair pair = ground().pair();
        Selector one = ground().selector();
        Selector other = ground().selector();
        pair.client().register(one, 0);
        pair.client().register(other, 0);
        Ground.reset(pair.client());

        one.selectNow(k -> {});
        ground().aWhile();
        assertThat(pair.server().read(ByteBuffer.allocate(1))).isZero();

        other.selectNow(k -> {});
        assertThat(ground().readUntilReset(pair.server())).isZero();
    }

    @Test
    default void aSelectorClosedByItsActionSaysSo() throws Exception {
        Selector selector = ground().selector();
        twoReady(selector);

        assertThatThrownBy(() -> selector.selectNow(key -> {
                    try {
                        selector.close();
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }))
                .isInstanceOf(ClosedSelectorException.class);
    }

    @Test
    default void aSelectWithinASelectIsRefused() throws Exception {
        Selector selector = ground().selector();
        twoReady(selector);

        assertThatIllegalStateException()
                .isThrownBy(() -> selector.selectNow(key -> {
                    try {
                        selector.selectNow(k -> {});
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                }));
    }

    @Test
    default void whatTheActionThrowsComesOutOfTheSelect() throws Exception {
        Selector selector = ground().selector();
        twoReady(selector);

        assertThatThrownBy(() -> selector.selectNow(key -> {
                    throw new UnsupportedOperationException("by the action");
                }))
                .hasMessage("by the action");
        List<SelectionKey> seen = new ArrayList<>();
        selector.selectNow(seen::add);
        assertThat(seen).hasSize(2);
    }

    @Test
    default void selectedKeysAreKeptUntilTheyAreRemoved() throws Exception {
        Selector selector = ground().selector();
        List<SelectionKey> keys = twoReady(selector);

        assertThat(selector.selectNow()).isEqualTo(2);
        assertThat(selector.selectedKeys()).containsExactlyInAnyOrderElementsOf(keys);
        assertThat(selector.selectNow()).isZero();
        selector.selectedKeys().clear();

        assertThat(selector.selectNow()).isEqualTo(2);
    }

    @Test
    default void aKeyTakesOnlyWhatItsChannelCanDo() throws Exception {
        SelectionKey key = ground().listening().register(ground().selector(), SelectionKey.OP_ACCEPT);

        assertThatIllegalArgumentException().isThrownBy(() -> key.interestOps(SelectionKey.OP_READ));
        assertThat(key.interestOpsOr(SelectionKey.OP_ACCEPT)).isEqualTo(SelectionKey.OP_ACCEPT);
        assertThat(key.interestOps()).isEqualTo(SelectionKey.OP_ACCEPT);
    }

    @Test
    default void aBlockingChannelCannotBeRegistered() throws Exception {
        SocketChannel channel = ground().socket();
        channel.configureBlocking(true);

        assertThatThrownBy(() -> channel.register(ground().selector(), 0))
                .isInstanceOf(IllegalBlockingModeException.class);
    }

    @Test
    default void optionsAreRemembered() throws Exception {
        SocketChannel channel = ground().socket();

        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isFalse();
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isEqualTo(-1);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);

        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.SO_LINGER)).isZero();
        assertThatThrownBy(() -> channel.setOption(StandardSocketOptions.IP_MULTICAST_TTL, 1))
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
