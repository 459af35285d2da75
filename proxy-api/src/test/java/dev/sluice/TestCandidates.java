package dev.sluice;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;

/** A set of members to pick from, all usable and idle until told otherwise. */
final class TestCandidates implements Candidates {
    /** Who asks, where it makes no difference. */
    static final FlowInfo ANYONE = Clients.at(InetSocketAddress.createUnresolved("client", 1));

    private final List<Upstream> members;
    private final boolean[] unusable;
    private final int[] active;
    private final int[] weights;
    private int attempt;

    TestCandidates(int size) {
        this(members(size));
    }

    TestCandidates(List<Upstream> members) {
        this.members = members;
        this.unusable = new boolean[members.size()];
        this.active = new int[members.size()];
        this.weights = members.stream().mapToInt(Upstream::weight).toArray();
    }

    static List<Upstream> members(int size) {
        return IntStream.range(0, size)
                .mapToObj(i -> Upstream.of("u" + i + ":1"))
                .toList();
    }

    TestCandidates unusable(int... indexes) {
        for (int i : indexes) {
            unusable[i] = true;
        }
        return this;
    }

    TestCandidates active(int... counts) {
        System.arraycopy(counts, 0, active, 0, counts.length);
        return this;
    }

    /** Has less than its weight for now. */
    TestCandidates starting(int i, int weight) {
        weights[i] = weight;
        return this;
    }

    TestCandidates attempt(int n) {
        attempt = n;
        return this;
    }

    /** How often each member is picked in so many picks. */
    int[] spread(UpstreamSelector selector, int picks) {
        int[] spread = new int[members.size()];
        for (int i = 0; i < picks; i++) {
            spread[selector.select(this, ANYONE)]++;
        }
        return spread;
    }

    @Override
    public int size() {
        return members.size();
    }

    @Override
    public Upstream upstream(int i) {
        return members.get(i);
    }

    @Override
    public boolean usable(int i) {
        return !unusable[i] && weight(i) > 0;
    }

    @Override
    public int active(int i) {
        return active[i];
    }

    @Override
    public int weight(int i) {
        return weights[i];
    }

    @Override
    public int attempt() {
        return attempt;
    }
}
