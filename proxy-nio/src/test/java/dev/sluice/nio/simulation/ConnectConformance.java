package dev.sluice.nio.simulation;

import static dev.sluice.nio.simulation.Ground.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.NoConnectionPendingException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.junit.jupiter.api.Test;

/** What connecting, listening and accepting do. */
interface ConnectConformance {

    Ground ground();

    @Test
    default void aConnectThatIsPendingBecomesReadyAndIsFinished() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().socket();

        if (!client.connect(listener.getLocalAddress())) {
            assertThat(client.isConnectionPending()).isTrue();
            SelectionKey key = client.register(ground().selector(), SelectionKey.OP_CONNECT);
            assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_CONNECT);
            assertThat(client.finishConnect()).isTrue();
        }

        assertThat(client.isConnected()).isTrue();
        assertThat(client.isConnectionPending()).isFalse();
        assertThat(client.finishConnect()).isTrue();
        assertThatThrownBy(() -> client.connect(listener.getLocalAddress()))
                .isInstanceOf(AlreadyConnectedException.class);
    }

    @Test
    default void aDeadPortRefusesAndTheChannelIsClosed() throws Exception {
        InetSocketAddress dead = ground().deadTcpPort();
        SocketChannel client = ground().socket();

        assertThatThrownBy(() -> {
                    if (!client.connect(dead)) {
                        ground().eventually(client::finishConnect);
                    }
                })
                .isInstanceOf(ConnectException.class)
                .hasMessage("Connection refused");
        assertThat(client.isOpen()).isFalse();
    }

    @Test
    default void whatIsNotPendingCannotBeFinished() throws IOException {
        SocketChannel client = ground().socket();

        assertThatThrownBy(client::finishConnect).isInstanceOf(NoConnectionPendingException.class);
    }

    @Test
    default void addressesThatCannotBeDialledAreToldApart() throws IOException {
        SocketChannel client = ground().socket();

        assertThatThrownBy(() -> client.connect(InetSocketAddress.createUnresolved("somewhere", 80)))
                .isInstanceOf(UnresolvedAddressException.class);
        assertThatThrownBy(() -> client.connect(new InetSocketAddress("::1", 80)))
                .isInstanceOf(UnsupportedAddressTypeException.class);
    }

    @Test
    default void bothSidesKnowTheAddresses() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().connectedTo(listener.getLocalAddress());
        SocketChannel server = ground().accepted(listener);

        assertThat(client.getRemoteAddress()).isEqualTo(listener.getLocalAddress());
        assertThat(server.getLocalAddress()).isEqualTo(listener.getLocalAddress());
        assertThat(server.getRemoteAddress()).isEqualTo(client.getLocalAddress());
        assertThat(((InetSocketAddress) client.getLocalAddress()).getPort()).isPositive();
    }

    @Test
    default void acceptAnswersNullWhenNobodyWaits() throws IOException {
        assertThat(ground().listening().accept()).isNull();
        assertThatThrownBy(() -> ground().listener().accept()).isInstanceOf(NotYetBoundException.class);
    }

    @Test
    default void aListenerIsReadyAsLongAsSomebodyWaits() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SelectionKey key = listener.register(ground().selector(), SelectionKey.OP_ACCEPT);
        assertThat(ground().readyAfterAWhile(key)).isZero();

        ground().connectedTo(listener.getLocalAddress());

        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_ACCEPT);
        assertThat(ground().ready(key)).isEqualTo(SelectionKey.OP_ACCEPT);
        ground().accepted(listener);
        assertThat(ground().readyAfterAWhile(key)).isZero();
    }

    @Test
    default void dataAndEndSentBeforeTheAcceptArrive() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().connectedTo(listener.getLocalAddress());
        write(client, "early");
        client.close();

        SocketChannel server = ground().accepted(listener);

        assertThat(ground().read(server, 5)).isEqualTo("early");
        ground().readEnd(server);
    }

    @Test
    default void aConnectionResetBeforeTheAcceptIsAcceptedAllTheSame() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().connectedTo(listener.getLocalAddress());
        Ground.reset(client);
        ground().aWhile();

        SocketChannel server = ground().accepted(listener);

        assertThat(server.isConnected()).isTrue();
        assertThat(ground().readUntilReset(server)).isZero();
    }

    @Test
    default void closingAListenerResetsThoseWhoWait() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().connectedTo(listener.getLocalAddress());

        listener.close();

        assertThat(ground().readUntilReset(client)).isZero();
    }

    @Test
    default void aPortInUseCannotBeBoundTwice() throws IOException {
        SocketAddress taken = ground().listening().getLocalAddress();

        assertThatThrownBy(() -> ground().listener().bind(taken))
                .isInstanceOf(BindException.class)
                .hasMessage("Address already in use");
    }

    @Test
    default void aClosedListenerFreesItsPortAtOnceUnlessItIsRegistered() throws Exception {
        ServerSocketChannel free = ground().listening();
        SocketAddress freed = free.getLocalAddress();
        free.close();
        assertThat(ground().listener().bind(freed).isOpen()).isTrue();

        ServerSocketChannel held = ground().listening();
        SocketAddress address = held.getLocalAddress();
        SelectionKey key = held.register(ground().selector(), SelectionKey.OP_ACCEPT);
        held.close();
        assertThat(ground().connectedTo(address).isConnected()).isTrue();
        assertThatThrownBy(() -> ground().listener().bind(address)).isInstanceOf(BindException.class);

        key.selector().selectNow(k -> {});
        assertThat(ground().listener().bind(address).isOpen()).isTrue();
    }

    @Test
    default void listenersJoinAPortOnceItsFirstOwnerAllowsItAndStrangersDoNot() throws IOException {
        ServerSocketChannel first = ground().listening();
        SocketAddress address = first.getLocalAddress();
        ServerSocketChannel early = ground().listener();
        early.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        assertThatThrownBy(() -> early.bind(address)).isInstanceOf(BindException.class);

        first.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        ServerSocketChannel joining = ground().listener();
        joining.setOption(StandardSocketOptions.SO_REUSEPORT, true);
        assertThat(joining.bind(address).getLocalAddress()).isEqualTo(address);

        assertThatThrownBy(() -> ground().listener().bind(address)).isInstanceOf(BindException.class);
    }

    @Test
    default void aDialFromItsOwnTargetMeetsItself() throws Exception {
        SocketChannel channel = ground().socket();
        channel.bind(Ground.anyPort());

        if (!channel.connect(channel.getLocalAddress())) {
            ground().eventually(channel::finishConnect);
        }

        assertThat(channel.getLocalAddress()).isEqualTo(channel.getRemoteAddress());
        write(channel, "echo");
        assertThat(ground().read(channel, 4)).isEqualTo("echo");
        channel.shutdownOutput();
        ground().readEnd(channel);
    }

    @Test
    default void closingAPendingConnectFreesItsDescriptor() throws Exception {
        ServerSocketChannel listener = ground().listening();
        SocketChannel client = ground().socket();
        client.connect(listener.getLocalAddress());

        client.close();

        assertThat(client.isOpen()).isFalse();
        assertThatThrownBy(() -> client.read(ByteBuffer.allocate(1))).isInstanceOf(IOException.class);
    }
}
