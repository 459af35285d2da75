package dev.sluice.examples;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Upstreams from the SRV records of a name (RFC 2782), by the JDK's own DNS client:
 * {@code SrvUpstreams 8080 _http._tcp.web.internal}. Each target and port is an upstream, with the record's priority
 * and a weight in proportion to its own. It is asked again and again; while no answer comes, or an empty one, the last
 * one stays.
 */
public final class SrvUpstreams implements UpstreamSource {
    private final String server;
    private final String name;
    private final Duration every;

    /** @param server such as {@code dns://127.0.0.1:53}; {@code dns:} is what this host uses */
    public SrvUpstreams(String server, String name, Duration every) {
        this.server = server;
        this.name = name;
        this.every = every;
    }

    public static void main(String[] args) throws InterruptedException {
        UpstreamSource members = new SrvUpstreams("dns:", args[1], Duration.ofSeconds(5));
        Route web = Route.tcp("web").listen(Integer.parseInt(args[0])).to(Upstreams.from(members));
        try (ProxyServer proxy = ProxyServer.start(web)) {
            proxy.awaitTermination();
        }
    }

    @Override
    public AutoCloseable subscribe(Consumer<Collection<Upstream>> snapshots) {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "srv-upstreams");
            thread.setDaemon(true);
            return thread;
        });
        clock.execute(() -> ask(clock, snapshots));
        return clock::shutdownNow;
    }

    private void ask(ScheduledExecutorService clock, Consumer<Collection<Upstream>> snapshots) {
        try {
            snapshots.accept(members());
        } catch (NamingException | IllegalArgumentException e) {
            System.getLogger(SrvUpstreams.class.getName())
                    .log(System.Logger.Level.WARNING, "SRV records of {0}: {1}", name, e.toString());
        }
        if (!clock.isShutdown()) {
            // Instances that were started together do not ask together.
            long jittered =
                    (long) (every.toMillis() * ThreadLocalRandom.current().nextDouble(0.9, 1.1));
            clock.schedule(() -> ask(clock, snapshots), jittered, TimeUnit.MILLISECONDS);
        }
    }

    private List<Upstream> members() throws NamingException {
        Hashtable<String, String> settings = new Hashtable<>();
        settings.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.put(Context.PROVIDER_URL, server);
        DirContext dns = new InitialDirContext(settings);
        try {
            Attribute answer = dns.getAttributes(name, new String[] {"SRV"}).get("SRV");
            if (answer == null) {
                throw new NameNotFoundException("no SRV records");
            }
            List<String> records = new ArrayList<>();
            for (Object each : Collections.list(answer.getAll())) {
                records.add(each.toString());
            }
            return SrvRecords.members(records);
        } finally {
            dns.close();
        }
    }
}
