package dev.sluice;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A group: which upstreams there are and how flows are spread over them. Immutable; what is live about it a server
 * keeps, once for each group, whichever routes share it.
 *
 * <p>Two are equal when name, members and selector are. Routes that share a group are best given the same object.
 */
public final class Upstreams {
    private final @Nullable String name;
    private final List<Upstream> members;
    private final UpstreamSelector selector;

    private Upstreams(@Nullable String name, List<Upstream> members, UpstreamSelector selector) {
        this.name = name;
        this.members = members;
        this.selector = selector;
    }

    /**
     * {@return a group without a name, spread by {@link UpstreamSelector#roundRobin()}}
     *
     * @param members in the selector's order; may be empty: flows are refused until an update of the live group
     * @throws IllegalArgumentException if two have the same id
     */
    public static Upstreams of(Collection<Upstream> members) {
        return of(Objects.requireNonNull(members, "members"), new Check(""));
    }

    /**
     * {@return a group without a name, of upstreams as {@link Upstream#of} reads them}
     *
     * @param hostPort the first
     * @param more the others
     * @throws IllegalArgumentException if one cannot be read, or two are the same
     */
    public static Upstreams of(String hostPort, String... more) {
        return of(hostPort, more, new Check(""));
    }

    static Upstreams of(String hostPort, String[] more, Check check) {
        List<Upstream> members = new ArrayList<>(1 + check.given("more", more).length);
        members.add(Upstream.of(hostPort, check));
        for (String each : more) {
            members.add(Upstream.of(each, check));
        }
        return of(members, check);
    }

    /** As {@link #of(Collection)}, for something that is named in the message of what is thrown. */
    static Upstreams of(Collection<Upstream> members, Check check) {
        List<Upstream> copy = new ArrayList<>(members);
        Map<String, Upstream> byId = new HashMap<>();
        for (Upstream member : copy) {
            Upstream other = byId.put(check.given("upstream", member).id(), member);
            if (other != null) {
                throw check.wrong(twice(other, member));
            }
        }
        return new Upstreams(null, List.copyOf(copy), UpstreamSelector.roundRobin());
    }

    private static String twice(Upstream one, Upstream other) {
        String id = Quoted.of(one.id());
        String what = one.equals(other)
                ? "upstream " + id + " is given twice"
                : "upstream id " + id + " is given twice, to " + one.place() + " and to " + other.place();
        return what + "; leave one out, or tell them apart with Upstream.id(…)";
    }

    /**
     * {@return the same group under a name}
     *
     * @param group what {@link ProxyServer#upstreams} finds it by; not empty, without whitespace and control
     *     characters. Routes of one server that name a group alike share it
     * @throws IllegalArgumentException if the name is empty, or has whitespace or control characters
     */
    public Upstreams named(String group) {
        return new Upstreams(Check.name("group", group), members, selector);
    }

    /**
     * {@return the same group with another way to spread flows}
     *
     * @param selector what picks the upstream of each flow
     */
    public Upstreams select(UpstreamSelector selector) {
        return new Upstreams(name, members, Objects.requireNonNull(selector, "selector"));
    }

    /** {@return the group's name; null if it has none yet, never null in a route, which lends it its own} */
    public @Nullable String name() {
        return name;
    }

    /** {@return the members in their order, unmodifiable} */
    public List<Upstream> members() {
        return members;
    }

    /** {@return what picks the upstream of each flow, not yet prepared for any server} */
    public UpstreamSelector selector() {
        return selector;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstreams that
                && Objects.equals(name, that.name)
                && members.equals(that.members)
                && selector.equals(that.selector);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, members, selector);
    }

    /** {@return the name, if there is one, and the members} */
    @Override
    public String toString() {
        return name == null ? members.toString() : name + " " + members;
    }
}
