package dev.sluice.nio.testkit;

import dev.sluice.NameResolver;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A resolver that answers what it was told to, waits where it was told to wait, and remembers what it was asked. */
public final class HeldResolver implements NameResolver {
    private final Map<String, List<InetAddress>> known = new ConcurrentHashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    /** Guarded by itself. */
    private final List<String> asked = new ArrayList<>();

    /** From now on it answers this name so. */
    public HeldResolver knows(String host, InetAddress... addresses) {
        known.put(host, List.of(addresses));
        return this;
    }

    /** From now on who asks for this name waits until it is released. */
    public HeldResolver holds(String host) {
        held.put(host, new CountDownLatch(1));
        return this;
    }

    public void release(String host) {
        held.remove(host).countDown();
    }

    /** How often it was asked for this name. */
    public long asked(String host) {
        synchronized (asked) {
            return asked.stream().filter(host::equals).count();
        }
    }

    @Override
    public List<InetAddress> resolve(String host) throws IOException {
        CountDownLatch hold = held.get(host);
        synchronized (asked) {
            asked.add(host);
        }
        if (hold != null) {
            try {
                hold.await();
            } catch (InterruptedException closing) {
                throw new IOException(closing);
            }
        }
        List<InetAddress> answer = known.get(host);
        if (answer == null) {
            throw new IOException("no such name: " + host);
        }
        return answer;
    }
}
