package dev.sluice.nio;

import dev.sluice.NameResolver;
import dev.sluice.ProxyListener;
import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.buffer.Buffers;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.route.Permits;
import dev.sluice.nio.socket.Sockets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * Gathers a server's settings and starts it.
 *
 * <p>Thread: start.
 */
final class NioServerBuilder implements ProxyServer.Builder {
    private static final Pattern NAME = Pattern.compile("[^\\s\\p{Cntrl}]+");
    private static final int MOST_WORKERS = 1_024;
    private static final long SMALLEST_BUDGET = 4L * Buffers.LARGE;
    private static final long LARGEST_DEFAULT_BUDGET = 256L << 20;
    private static final String THREADS = "sluice";

    private String threads = THREADS;
    private int workers;
    private int maxConnections;
    private long bufferBudget;
    private ProxyListener listener;
    private NameResolver resolver = NameResolver.system();

    @Override
    public ProxyServer.Builder name(String threadPrefix) {
        Objects.requireNonNull(threadPrefix, "name");
        if (!NAME.matcher(threadPrefix).matches()) {
            throw new IllegalArgumentException("server name \"" + threadPrefix
                    + "\" is empty or has white space in it; use one word, such as \"edge\"");
        }
        threads = THREADS + "-" + threadPrefix;
        return this;
    }

    @Override
    public ProxyServer.Builder workers(int n) {
        if (n < 0 || n > MOST_WORKERS) {
            throw new IllegalArgumentException("workers " + n + " is out of range; use 1 to " + MOST_WORKERS
                    + ", or 0 for as many as the processors suggest");
        }
        workers = n;
        return this;
    }

    @Override
    public ProxyServer.Builder maxConnections(int n) {
        if (n < 0) {
            throw new IllegalArgumentException("maxConnections " + n
                    + " is out of range; use 1 or more, or 0 for no bound but those of the routes");
        }
        maxConnections = n;
        return this;
    }

    @Override
    public ProxyServer.Builder bufferBudget(long bytes) {
        if (bytes != 0 && bytes < SMALLEST_BUDGET) {
            throw new IllegalArgumentException("bufferBudget " + bytes + " is too small; use at least "
                    + SMALLEST_BUDGET + " bytes, or 0 for the default");
        }
        bufferBudget = bytes;
        return this;
    }

    @Override
    public ProxyServer.Builder listener(ProxyListener l) {
        listener = Objects.requireNonNull(l, "listener");
        return this;
    }

    @Override
    public ProxyServer.Builder resolver(NameResolver r) {
        resolver = Objects.requireNonNull(r, "resolver");
        return this;
    }

    @Override
    public ProxyServer start(Route... routes) {
        List<Route> all = checked(routes);
        long budget = bufferBudget == 0 ? defaultBudget() : bufferBudget;
        Workers pool = new Workers(
                threads,
                workers == 0 ? defaultWorkers() : workers,
                Sockets.system(),
                new BufferBudget(budget),
                new Permits(maxConnections == 0 ? Integer.MAX_VALUE : maxConnections));
        NioServer server = new NioServer(pool, new Events(listener), resolver);
        server.start(all);
        return server;
    }

    private static List<Route> checked(Route[] routes) {
        Map<String, Route> byName = new LinkedHashMap<>();
        for (Route route : Objects.requireNonNull(routes, "routes")) {
            if (byName.put(Objects.requireNonNull(route, "route").name(), route) != null) {
                throw new IllegalArgumentException(
                        "route \"" + route.name() + "\": the name is given twice; give one of the two another");
            }
        }
        return List.copyOf(byName.values());
    }

    private static long defaultBudget() {
        long quarter = Runtime.getRuntime().maxMemory() / 4;
        return Math.max(SMALLEST_BUDGET, Math.min(LARGEST_DEFAULT_BUDGET, quarter));
    }

    private static int defaultWorkers() {
        int processors = Runtime.getRuntime().availableProcessors();
        return processors < 3 ? 1 : Math.min(4, processors);
    }
}
