package dev.sluice.nio.upstream;

import dev.sluice.NameResolver;
import dev.sluice.nio.worker.Worker;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns names into addresses off the workers. Whoever asks for a name that is being looked up waits for that answer.
 *
 * <p>Thread: any; answers come on the asking worker.
 */
public final class Names {
    private static final Logger LOG = LoggerFactory.getLogger(Names.class);

    /** Takes the addresses of a name, families alternating; none if it could not be resolved. */
    @FunctionalInterface
    public interface Answer {
        void addresses(List<InetAddress> found);
    }

    /** A question under way. */
    public final class Query {
        private final String host;
        private final Worker worker;
        private final Answer answer;
        private final Consumer<Throwable> failure;

        private Query(String host, Worker worker, Answer answer, Consumer<Throwable> failure) {
            this.host = host;
            this.worker = worker;
            this.answer = answer;
            this.failure = failure;
        }

        private void give(List<InetAddress> found) {
            try {
                answer.addresses(found);
            } catch (Throwable e) {
                failure.accept(e);
            }
        }

        /** Waits no more: a look-up that never returns holds on to nobody. */
        public void cancel() {
            synchronized (waiting) {
                List<Query> others = waiting.get(host);
                if (others != null) {
                    others.remove(this);
                }
            }
        }
    }

    private final NameResolver resolver;
    private final Executor threads;
    /** By host, for as long as its look-up is under way. */
    private final Map<String, List<Query>> waiting = new HashMap<>();

    public Names(NameResolver resolver, Executor threads) {
        this.resolver = resolver;
        this.threads = threads;
    }

    /** Asks for a name; the failure is told of what the answer throws, which must end whatever has asked. */
    public Query resolve(String host, Worker worker, Answer answer, Consumer<Throwable> failure) {
        Query query = new Query(host, worker, answer, failure);
        boolean first;
        synchronized (waiting) {
            first = !waiting.containsKey(host);
            waiting.computeIfAbsent(host, name -> new ArrayList<>()).add(query);
        }
        if (first) {
            try {
                threads.execute(() -> answer(host, lookUp(host)));
            } catch (Throwable noThreadToBeHad) {
                LOG.debug("Resolving \"{}\" could not begin", host, noThreadToBeHad);
                answer(host, List.of());
            }
        }
        return query;
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return alternating(List.copyOf(resolver.resolve(host)));
        } catch (Throwable e) {
            // The JDK's own resolver may throw an InternalError when descriptors run out.
            LOG.debug("Resolving \"{}\" failed", host, e);
            return List.of();
        }
    }

    private void answer(String host, List<InetAddress> found) {
        List<Query> queries;
        synchronized (waiting) {
            queries = waiting.remove(host);
        }
        for (Query query : queries) {
            query.worker.submit(() -> query.give(found));
        }
    }

    /** In the resolver's order, but a broken family costs one attempt only before the other has its turn. */
    static List<InetAddress> alternating(List<InetAddress> addresses) {
        List<InetAddress> sixes = new ArrayList<>();
        List<InetAddress> fours = new ArrayList<>();
        for (InetAddress address : addresses) {
            (address instanceof Inet6Address ? sixes : fours).add(address);
        }
        boolean sixFirst = !addresses.isEmpty() && addresses.get(0) instanceof Inet6Address;
        List<InetAddress> first = sixFirst ? sixes : fours;
        List<InetAddress> second = sixFirst ? fours : sixes;
        List<InetAddress> mixed = new ArrayList<>(addresses.size());
        for (int i = 0; i < Math.max(first.size(), second.size()); i++) {
            if (i < first.size()) {
                mixed.add(first.get(i));
            }
            if (i < second.size()) {
                mixed.add(second.get(i));
            }
        }
        return mixed;
    }
}
