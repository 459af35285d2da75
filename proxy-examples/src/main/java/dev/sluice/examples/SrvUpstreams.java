package dev.sluice.examples;

import dev.sluice.Upstream;
import dev.sluice.UpstreamSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Upstreams from the SRV records of a name (RFC 2782), such as {@code _http._tcp.web.internal}, by the JDK's own DNS
 * client: each target and port is an upstream, with the record's priority and a weight in proportion to its own. It is
 * asked again and again; while no answer comes the last one stays.
 */
public final class SrvUpstreams implements UpstreamSource {
    private static final int HEAVIEST = 65_535;
    private static final int HEAVIEST_UPSTREAM = 1_000;

    private final String server;
    private final String name;
    private final Duration every;

    /** @param server such as {@code dns://127.0.0.1:53}; {@code dns:} is what this host uses */
    SrvUpstreams(String server, String name, Duration every) {
        this.server = server;
        this.name = name;
        this.every = every;
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
            Attribute records = dns.getAttributes(name, new String[] {"SRV"}).get("SRV");
            List<Upstream> members = new ArrayList<>();
            NamingEnumeration<?> each = records == null ? null : records.getAll();
            while (each != null && each.hasMore()) {
                members.add(member(each.next().toString()));
            }
            return members;
        } finally {
            dns.close();
        }
    }

    /** Reads {@code priority weight port target.}; the weight 0 is for a small share, not for none. */
    static Upstream member(String record) {
        String[] fields = record.split(" ");
        int weight = Math.round((float) HEAVIEST_UPSTREAM * Integer.parseInt(fields[1]) / HEAVIEST);
        return Upstream.of(fields[3].replaceFirst("\\.$", "") + ":" + fields[2])
                .priority(Integer.parseInt(fields[0]))
                .weight(Math.max(1, weight));
    }
}
