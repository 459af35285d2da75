package dev.sluice.nio.upstream;

import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.Upstreams;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A group of upstreams in a running server, with one state for all routes that use it. Workers read an immutable set;
 * a change publishes the next one.
 *
 * <p>Thread: any.
 */
public final class Group {
    /** What one pick sees: the members in order, and the selector that was prepared for them. */
    record Members(List<Member> list, UpstreamSelector selector) {}

    private final int workers;
    private Upstreams definition;
    private volatile Members members;

    public Group(Upstreams definition, int workers) {
        this.workers = workers;
        this.definition = definition;
        this.members = new Members(List.of(), definition.selector());
        publish(definition.members(), definition.selector());
    }

    public String name() {
        return definition.name();
    }

    public synchronized Upstreams definition() {
        return definition;
    }

    Members current() {
        return members;
    }

    public List<Member> members() {
        return members.list();
    }

    public List<Upstream> upstreams() {
        return members.list().stream().map(Member::upstream).toList();
    }

    /** Publishes the next set and returns the members that are not in it. */
    public synchronized Collection<Member> update(Collection<Upstream> snapshot) {
        return publish(snapshot, members.selector());
    }

    /** Takes over a new definition, with the members to begin with. */
    public synchronized void redefine(Upstreams next, Collection<Upstream> first) {
        publish(first, next.selector());
        definition = next;
    }

    private Collection<Member> publish(Collection<Upstream> snapshot, UpstreamSelector selector) {
        Map<String, Member> known = new LinkedHashMap<>();
        members.list().forEach(member -> known.put(member.upstream().id(), member));
        List<Member> next = new ArrayList<>(snapshot.size());
        for (Upstream upstream : snapshot) {
            Member member = known.remove(upstream.id());
            next.add(member == null ? new Member(upstream, workers) : member.redefined(upstream));
        }
        UpstreamSelector prepared = selector.prepare(List.copyOf(snapshot));
        if (prepared == null) {
            throw new IllegalArgumentException("group \"" + name() + "\": the selector's prepare answered null");
        }
        members = new Members(List.copyOf(next), prepared);
        return known.values();
    }
}
