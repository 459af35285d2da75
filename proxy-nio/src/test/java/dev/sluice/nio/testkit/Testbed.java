package dev.sluice.nio.testkit;

import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts the proxies, servers and clients of one test. When the test is over it closes clients and servers, then checks
 * each proxy's {@linkplain Invariants invariants}, closes it, and checks that nothing is left.
 *
 * <pre>{@code
 * @RegisterExtension
 * final Testbed bed = new Testbed();
 *
 * @Test
 * void bytesPass() throws Exception {
 *     TcpServer server = bed.server(TcpServer::echo);
 *     StartedProxy proxy = bed.start(Route.tcp("web").listen("127.0.0.1", 0).to(server.hostPort()));
 *     bed.connect(proxy).send("hello").expect("hello");
 * }
 * }</pre>
 */
public final class Testbed implements AfterEachCallback {
    private final List<StartedProxy> proxies = new ArrayList<>();
    /** What was opened last is closed first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "testbed");
        thread.setDaemon(true);
        return thread;
    });

    public StartedProxy start(Route... routes) {
        return start(builder -> builder, routes);
    }

    /** Starts a server with settings; its name and listener are the test bed's. */
    public StartedProxy start(UnaryOperator<ProxyServer.Builder> settings, Route... routes) {
        FlowLog log = new FlowLog();
        return started(log, log, settings, routes);
    }

    /** Starts a server with a listener of the test's own, so that the events are the test's to check. */
    public StartedProxy start(ProxyListener listener, UnaryOperator<ProxyServer.Builder> settings, Route... routes) {
        return started(null, listener, settings, routes);
    }

    /** Starts a relay "web" with so many workers, on a port that nobody is given by chance while it is free. */
    public StartedProxy startApart(int workers, String upstream) throws IOException {
        int port = FreeAddress.tcp().getPort();
        return start(
                builder -> builder.workers(workers),
                Route.tcp("web").listen("127.0.0.1", port).to(upstream));
    }

    private StartedProxy started(
            FlowLog log, ProxyListener listener, UnaryOperator<ProxyServer.Builder> settings, Route... routes) {
        String name = UUID.randomUUID().toString().substring(0, 8);
        ProxyServer server = settings.apply(ProxyServer.builder())
                .name(name)
                .listener(listener)
                .start(routes);
        StartedProxy proxy = new StartedProxy(server, "sluice-" + name, log);
        proxies.add(proxy);
        return proxy;
    }

    /** A server on IPv4 whose connections the test takes itself. */
    public TcpServer server() throws IOException {
        return server(Family.IPV4);
    }

    public TcpServer server(Family family) throws IOException {
        return own(TcpServer.open(family));
    }

    /** A server on IPv4 that serves each connection by a script, such as {@code TcpServer::echo}. */
    public TcpServer server(TcpServer.Script script) throws IOException {
        return server(Family.IPV4).serve(script);
    }

    public TcpServer server(Family family, TcpServer.Script script) throws IOException {
        return server(family).serve(script);
    }

    /** A server that says its name to each client, and echoes from then on. */
    public Upstream named(String name) throws IOException {
        TcpServer server = server(client -> {
            client.send(name);
            TcpServer.echo(client);
        });
        return Upstream.of(server.hostPort()).id(name);
    }

    /** A client of the server's first route. */
    public TcpPeer connect(StartedProxy proxy) throws IOException {
        return connect(proxy.address());
    }

    public TcpPeer connect(InetSocketAddress address) throws IOException {
        return own(TcpPeer.connect(address));
    }

    /** Both ends of one relayed connection. */
    public record Pair(TcpPeer client, TcpPeer upstream) {}

    /** A new connection through the server's first route, which the upstream has accepted. */
    public Pair pair(StartedProxy proxy, TcpServer upstream) throws IOException {
        return new Pair(connect(proxy), upstream.accept());
    }

    /** Closes it when the test is over, before the proxies are looked at; closing it before does no harm. */
    public <T extends AutoCloseable> T own(T resource) {
        synchronized (opened) {
            opened.push(resource);
        }
        return resource;
    }

    /** Runs beside the test, which asks for the outcome with {@link Await#result}. */
    public <T> Future<T> fork(Callable<T> task) {
        return threads.submit(task);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        try {
            closeOpened();
            if (context.getExecutionException().isEmpty()) {
                proxies.forEach(Invariants::checkAtRest);
            }
        } finally {
            proxies.forEach(proxy -> proxy.server().close());
            threads.shutdownNow();
        }
        if (context.getExecutionException().isEmpty()) {
            proxies.forEach(Invariants::checkClosed);
        }
    }

    private void closeOpened() throws Exception {
        synchronized (opened) {
            for (AutoCloseable resource : opened) {
                resource.close();
            }
        }
    }
}
