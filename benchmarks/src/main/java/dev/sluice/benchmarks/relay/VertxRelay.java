package dev.sluice.benchmarks.relay;

import dev.sluice.Transport;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Vert.x with one event loop and a pipe each way; it relays no UDP. */
public final class VertxRelay {
    private VertxRelay() {}

    /** Arguments as {@link RelayProgram} takes them. */
    public static void main(String[] arguments) {
        RelayProgram.run(List.of(arguments), VertxRelay::start);
    }

    private static int start(Transport transport, InetSocketAddress upstream) throws Exception {
        if (transport != Transport.TCP) {
            throw new IllegalArgumentException("TCP alone, but was asked for " + transport);
        }
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        NetClient dial = vertx.createNetClient();
        SocketAddress address = SocketAddress.inetSocketAddress(upstream);
        NetServer server = vertx.createNetServer()
                .connectHandler(client -> {
                    // Nothing may come before there is somewhere to put it.
                    client.pause();
                    dial.connect(address)
                            .onSuccess(dialled -> relay(client, dialled))
                            .onFailure(refused -> client.close());
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get();
        return server.actualPort();
    }

    private static void relay(NetSocket client, NetSocket upstream) {
        client.pipeTo(upstream).onFailure(cut -> upstream.close());
        upstream.pipeTo(client).onFailure(cut -> client.close());
    }
}
