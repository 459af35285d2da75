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
 * <p>Two are equal when all of it is, name and selector included. Routes that share a group are best given the same
 * object.
 */
public final class Upstreams {
    private static final int FAILURES = 3;

    private final @Nullable String name;
    private final List<Upstream> members;
    private final UpstreamSelector selector;
    private final @Nullable UpstreamSource source;
    private final Ejection ejection;

    private Upstreams(
            @Nullable String name,
            List<Upstream> members,
            UpstreamSelector selector,
            @Nullable UpstreamSource source,
            Ejection ejection) {
        this.name = name;
        this.members = members;
        this.selector = selector;
        this.source = source;
        this.ejection = ejection;
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
        return new Upstreams(null, List.copyOf(copy), UpstreamSelector.roundRobin(), null, Ejection.after(FAILURES));
    }

    /**
     * {@return a group without a name whose members come from outside, spread by {@link UpstreamSelector#roundRobin()}}
     *
     * @param source subscribed by each server that has a route to it, and closed with the last such route
     */
    public static Upstreams from(UpstreamSource source) {
        return new Upstreams(
                null,
                List.of(),
                UpstreamSelector.roundRobin(),
                Objects.requireNonNull(source, "source"),
                Ejection.after(FAILURES));
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
        return new Upstreams(Check.name("group", group), members, selector, source, ejection);
    }

    /**
     * {@return the same group with another way to spread flows}
     *
     * @param selector what picks the upstream of each flow
     */
    public Upstreams select(UpstreamSelector selector) {
        return new Upstreams(name, members, Objects.requireNonNull(selector, "selector"), source, ejection);
    }

    /**
     * {@return the same group with another policy for upstreams that fail}
     *
     * @param policy by default {@code Ejection.after(3)}
     */
    public Upstreams eject(Ejection policy) {
        return new Upstreams(name, members, selector, source, Objects.requireNonNull(policy, "policy"));
    }

    /** {@return the group's name; null if it has none yet, never null in a route, which lends it its own} */
    public @Nullable String name() {
        return name;
    }

    /** {@return where the members come from; null if they are those of {@link #members()}} */
    public @Nullable UpstreamSource source() {
        return source;
    }

    /** {@return the members in their order, unmodifiable; none if they come from a {@link #source()}} */
    public List<Upstream> members() {
        return members;
    }

    /** {@return what picks the upstream of each flow, not yet prepared for any server} */
    public UpstreamSelector selector() {
        return selector;
    }

    /** {@return when an upstream that fails is taken out of rotation} */
    public Ejection ejection() {
        return ejection;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstreams that
                && Objects.equals(name, that.name)
                && members.equals(that.members)
                && selector.equals(that.selector)
                && Objects.equals(source, that.source)
                && ejection.equals(that.ejection);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, members, selector, source, ejection);
    }

    /** {@return the name, if there is one, and the members or their source} */
    @Override
    public String toString() {
        String whence = source == null ? members.toString() : source.toString();
        return name == null ? whence : name + " " + whence;
    }
}
