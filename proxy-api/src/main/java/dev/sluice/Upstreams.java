package dev.sluice;

import java.time.Duration;
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
    private final @Nullable String name;
    private final List<Upstream> members;
    private final UpstreamSelector selector;
    private final @Nullable UpstreamSource source;
    private final HealthPolicy health;

    private Upstreams(
            @Nullable String name,
            List<Upstream> members,
            UpstreamSelector selector,
            @Nullable UpstreamSource source,
            HealthPolicy health) {
        this.name = name;
        this.members = members;
        this.selector = selector;
        this.source = source;
        this.health = health;
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
        return new Upstreams(null, List.copyOf(copy), UpstreamSelector.roundRobin(), null, HealthPolicy.usual());
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
                HealthPolicy.usual());
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
        return new Upstreams(Check.name("group", group), members, selector, source, health);
    }

    /**
     * {@return the same group with another way to spread flows}
     *
     * @param selector what picks the upstream of each flow
     */
    public Upstreams select(UpstreamSelector selector) {
        return new Upstreams(name, members, Objects.requireNonNull(selector, "selector"), source, health);
    }

    /**
     * {@return the same group with another policy for upstreams that fail}
     *
     * @param policy by default {@code Ejection.after(3)}
     */
    public Upstreams eject(Ejection policy) {
        return with(health.eject(Objects.requireNonNull(policy, "policy")));
    }

    /**
     * {@return the same group with active checks}
     *
     * @param check how each member is checked; by default none is
     */
    public Upstreams check(HealthCheck check) {
        return with(health.check(Objects.requireNonNull(check, "check")));
    }

    /**
     * {@return the same group with a gentle start for members that come back, or that join while it runs}
     *
     * <p>Such a member, and one that is at another address than before, begins with a hundredth of its weight, which
     * grows to all of it in equal steps over this time. Weights are whole numbers: small ones have few steps, and 1 has
     * none.
     * {@link UpstreamSelector#roundRobin()}, {@link UpstreamSelector#leastConnections()},
     * {@link UpstreamSelector#twoChoices()} and {@link UpstreamSelector#random()} follow it; the others do not, since
     * all proxies are to pick the same.
     *
     * @param d up to 36,500 days; zero, the default, for the whole weight at once
     * @throws IllegalArgumentException if negative or too long
     */
    public Upstreams slowStart(Duration d) {
        return with(health.slowStart(check().duration("slowStart", d)));
    }

    /**
     * {@return the same group with a panic threshold: when too few members are healthy, all are used}
     *
     * <p>So the few that are left do not fail for having to carry everything. Lame ducks do not count. It is logged
     * when it begins and ends, and {@link LiveUpstreams#isInPanic()} tells.
     *
     * @param share of the members that must be healthy, 0 to 1; 0, the default, for no threshold
     * @throws IllegalArgumentException if it is out of that range
     */
    public Upstreams panicBelow(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw check().wrong("panicBelow " + share + " is out of range; use 0, for never, to 1");
        }
        return with(health.panicBelow(share));
    }

    private Check check() {
        return new Check(name == null ? "group: " : "group " + Quoted.of(name) + ": ");
    }

    private Upstreams with(HealthPolicy next) {
        return new Upstreams(name, members, selector, source, next);
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
        return health.ejection();
    }

    /** {@return how each member is checked; null if none is} */
    public @Nullable HealthCheck healthCheck() {
        return health.check();
    }

    /** {@return how long a member that comes back takes to have its whole weight; zero if it has it at once} */
    public Duration slowStart() {
        return health.slowStart();
    }

    /** {@return the share of healthy members below which all are used; 0 for never} */
    public double panicBelow() {
        return health.panicBelow();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Upstreams that
                && Objects.equals(name, that.name)
                && members.equals(that.members)
                && selector.equals(that.selector)
                && Objects.equals(source, that.source)
                && health.equals(that.health);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, members, selector, source, health);
    }

    /** {@return the name, if there is one, and the members or their source} */
    @Override
    public String toString() {
        String whence = source == null ? members.toString() : source.toString();
        return name == null ? whence : name + " " + whence;
    }
}
