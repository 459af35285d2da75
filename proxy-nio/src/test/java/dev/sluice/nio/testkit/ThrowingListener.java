package dev.sluice.nio.testkit;

import dev.sluice.FlowEnd;
import dev.sluice.FlowInfo;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.io.IOException;

/** A listener of which every call fails, and a program that has it hear ten connections and says how many calls did. */
public final class ThrowingListener implements ProxyListener {
    private ThrowingListener() {}

    public static void main(String[] args) throws IOException {
        try (TcpServer server = TcpServer.open(Family.IPV4).serve(TcpServer::echo)) {
            ProxyServer proxy = ProxyServer.builder()
                    .listener(new ThrowingListener())
                    .start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
            for (int i = 0; i < 10; i++) {
                try (TcpPeer client = TcpPeer.connect(proxy.route("web").localAddress())) {
                    client.send("hello").expect("hello").endStream().expectEnd();
                }
            }
            // when it returns the listener has been told all that happened
            proxy.close();
            System.out.println(proxy.metrics().listenerFailures());
        }
    }

    @Override
    public void flowOpened(FlowInfo flow, Upstream upstream) {
        throw new IllegalStateException("on purpose");
    }

    @Override
    public void flowEnded(FlowEnd end) {
        throw new AssertionError("on purpose");
    }
}
