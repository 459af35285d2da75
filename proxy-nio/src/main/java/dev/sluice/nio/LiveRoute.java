package dev.sluice.nio;

import dev.sluice.CloseReason;
import dev.sluice.Flow;
import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RouteMetrics;
import dev.sluice.RunningRoute;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.fault.ActiveRule;
import dev.sluice.nio.observe.Events;
import dev.sluice.nio.observe.Totals;
import dev.sluice.nio.route.Admission;
import dev.sluice.nio.route.Lane;
import dev.sluice.nio.route.Listener;
import dev.sluice.nio.socket.AddressText;
import dev.sluice.nio.upstream.Member;
import dev.sluice.nio.upstream.Standing;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A route in a running server: its lanes, which live as long as it has its name, and the listeners and settings that it
 * has at the moment.
 *
 * <p>Thread: any; changed by the server alone, one change at a time.
 */
final class LiveRoute implements RunningRoute {
    private record Setup(Route definition, LiveGroup group, List<Binding> bindings) {}

    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(1).toNanos();

    private final Routes routes;
    private final Workers workers;
    private final Admission admission;
    private final List<Lane> lanes;
    private final LiveFaults faults;
    private final Doors doors;
    /** What holds the flows of a route that is paused. */
    private ActiveRule held;

    private volatile Setup setup;

    LiveRoute(Route route, LiveGroup group, Routes routes, Workers workers, Events events) {
        this.routes = routes;
        this.workers = workers;
        this.admission = new Admission(route, workers.flows());
        this.lanes = workers.all().stream()
                .map(worker -> new Lane(route.name(), worker, admission, events))
                .toList();
        this.faults = new LiveFaults(routes.server(), this, workers);
        this.doors = new Doors(this, routes.binder(), routes::live);
        this.setup = new Setup(route, group, List.of());
    }

    /** The same route on other sockets. */
    void rebound(List<Binding> bindings) {
        setup = new Setup(setup.definition(), setup.group(), List.copyOf(bindings));
    }

    Doors doors() {
        return doors;
    }

    /** Whether flows can still come. */
    boolean isLive() {
        return routes.server().isRunning() && routes.live().contains(this);
    }

    void requireLive() {
        if (!isLive()) {
            throw new IllegalStateException("route \"" + name() + "\" was removed");
        }
    }

    List<Lane> lanes() {
        return lanes;
    }

    LiveGroup group() {
        return setup.group();
    }

    List<Binding> bindings() {
        return setup.bindings();
    }

    /** From here on it is this route, with these listeners. */
    void become(Route definition, LiveGroup group, List<Binding> bindings) {
        admission.become(definition);
        setup = new Setup(definition, group, List.copyOf(bindings));
    }

    List<Listener> listeners() {
        return listeners(setup.bindings());
    }

    static List<Listener> listeners(List<Binding> bindings) {
        return bindings.stream()
                .flatMap(binding -> binding.listeners().stream())
                .toList();
    }

    /** Tells all flows to end, on each worker. */
    void endFlows(Leaving leaving, CloseReason reason) {
        lanes.forEach(lane -> lane.worker().run(() -> lane.endFlows(leaving, reason)));
    }

    /** Tells the flows of these members to end, on each worker, wherever the members are by now. */
    void endFlowsOf(Collection<Member> members, Leaving leaving, CloseReason reason) {
        Set<Object> gone = members.stream().map(Member::identity).collect(Collectors.toSet());
        Predicate<Member> isGone = member -> gone.contains(member.identity());
        lanes.forEach(lane -> lane.worker().run(() -> lane.endFlowsOf(isGone, leaving, reason)));
    }

    /** The same for flows with servers that have failed, without waiting for it. */
    void submitEndOfFlowsWith(Collection<Standing> failed, Leaving leaving, CloseReason reason) {
        Predicate<Member> hasFailed = member -> failed.contains(member.standing());
        lanes.forEach(lane -> lane.worker().submit(() -> lane.endFlowsOf(hasFailed, leaving, reason)));
    }

    /** Each look takes a turn, in which flows that were told to end do. */
    void awaitNoFlows() {
        for (Lane lane : lanes) {
            while (lane.worker().call(lane::size) > 0) {
                Thread.onSpinWait();
            }
        }
    }

    long activeFlows() {
        return totals().active();
    }

    private Totals totals() {
        return new Totals(lanes.stream().map(Lane::counters).toList());
    }

    @Override
    public String name() {
        return setup.definition().name();
    }

    @Override
    public Route definition() {
        return setup.definition();
    }

    @Override
    public RouteMetrics metrics() {
        int receiveBuffer =
                listeners().stream().mapToInt(Listener::receiveBuffer).min().orElse(0);
        return new RouteSnapshot(totals(), receiveBuffer);
    }

    @Override
    public InetSocketAddress localAddress() {
        return localAddresses().get(0);
    }

    @Override
    public List<InetSocketAddress> localAddresses() {
        return listeners().stream().map(Listener::address).distinct().toList();
    }

    @Override
    public int port() {
        return localAddress().getPort();
    }

    @Override
    public List<Flow> flows() {
        workers.refuseCurrent("flows()");
        List<Flow> flows = new ArrayList<>();
        for (Lane lane : lanes) {
            if (!lane.worker().loop().hasEnded()) {
                lane.worker().run(() -> lane.collectInto(flows));
            }
        }
        return flows;
    }

    @Override
    public LiveFaults faults() {
        return faults;
    }

    @Override
    public void pause() {
        change("pause()", () -> {
            if (!doors.isPaused()) {
                doors.pause();
                held = faults.hold();
            }
        });
    }

    @Override
    public void resume() {
        routes.server().undo("resume()", () -> {
            if (doors.isPaused()) {
                faults.release(held);
                doors.resume(isLive());
            }
        });
    }

    @Override
    public void down() {
        change("down()", doors::down);
    }

    @Override
    public void up() {
        change("up()", doors::up);
    }

    private void change(String call, Runnable change) {
        routes.server().change(call, () -> {
            requireLive();
            change.run();
            return null;
        });
    }

    @Override
    public void retarget(String hostPort, String... more) {
        List<Upstream> members = Upstreams.of(hostPort, more).members();
        change("retarget()", () -> group().update(members, Leaving.keep()));
    }

    @Override
    public RouteMetrics await(Predicate<? super RouteMetrics> condition, Duration atMost)
            throws InterruptedException, TimeoutException {
        Objects.requireNonNull(condition, "condition");
        Objects.requireNonNull(atMost, "atMost");
        workers.refuseCurrent("await()");
        long begun = workers.clock().nanos();
        RouteMetrics now = metrics();
        while (!condition.test(now)) {
            if (Duration.ofNanos(workers.clock().nanos() - begun).compareTo(atMost) > 0) {
                throw new TimeoutException(
                        "route \"" + name() + "\" is not as awaited after " + atMost + "; it is: " + now);
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            now = metrics();
        }
        return now;
    }

    /** As the route that it was made of, with the addresses and upstreams that it has now. */
    @Override
    public String toString() {
        Setup now = setup;
        List<String> places = now.bindings().stream().map(LiveRoute::place).toList();
        return now.definition().transport() + " route \"" + name() + "\" on " + places + " to " + now.group();
    }

    /** What is really bound, but a UDP wildcard as the wildcard. */
    private static String place(Binding binding) {
        InetSocketAddress asked = binding.asked();
        InetSocketAddress bound = binding.listeners().get(0).address();
        boolean wildcard = !asked.isUnresolved() && asked.getAddress().isAnyLocalAddress();
        return AddressText.of(wildcard ? new InetSocketAddress(asked.getAddress(), bound.getPort()) : bound);
    }
}
