package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.sluice.fault.Fault;
import dev.sluice.fault.ListeningFault;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FaultRuleTest {
    private static final FaultRule STALL = FaultRule.bothWays(Fault.stall());

    @Test
    void aRuleIsForAllFlowsUntilItIsUndoneUnlessMoreIsSaid() {
        assertThat(STALL.directions()).containsExactly(Direction.TO_UPSTREAM, Direction.TO_CLIENT);
        assertThat(STALL.faults()).containsExactly(Fault.stall());
        assertThat(STALL.flows()).isEqualTo(FaultRule.Flows.ALL);
        assertThat(STALL.which().test(null)).isTrue();
        assertThat(STALL.probability()).isEqualTo(1);
        assertThat(STALL.first()).isZero();
        assertThat(STALL.duration()).isZero();
        assertThat(STALL.seed()).isEmpty();
    }

    @Test
    void whatIsSaidIsKept() {
        Predicate<Flow> none = flow -> false;
        FaultRule rule = FaultRule.toClient(Fault.stall(), Fault.reset())
                .seed(7)
                .during(Duration.ofSeconds(1))
                .where(none)
                .liveFlows()
                .probability(0.5)
                .first(3);

        assertThat(rule.directions()).containsExactly(Direction.TO_CLIENT);
        assertThat(rule.faults()).containsExactly(Fault.stall(), Fault.reset());
        assertThat(rule.flows()).isEqualTo(FaultRule.Flows.LIVE);
        assertThat(rule.newFlows().flows()).isEqualTo(FaultRule.Flows.NEW);
        assertThat(rule.which()).isSameAs(none);
        assertThat(rule.probability()).isEqualTo(0.5);
        assertThat(rule.first()).isEqualTo(3);
        assertThat(rule.duration()).hasSeconds(1);
        assertThat(rule.seed()).isEqualTo(OptionalLong.of(7));
        assertThat(rule)
                .hasToString("to client: stall, then reset, for the first 3, for 0.5 of flows, for LIVE flows,"
                        + " for some flows, during PT1S");
    }

    @Test
    void rulesThatSayTheSameAreEqual() {
        assertThat(FaultRule.bothWays(Fault.stall())).isEqualTo(STALL).hasSameHashCodeAs(STALL);
        assertThat(FaultRule.toUpstream(Fault.stall())).isNotEqualTo(STALL).hasToString("to upstream: stall");
        assertThat(STALL.first(1)).isNotEqualTo(STALL);
        assertThat(STALL.seed(1)).isNotEqualTo(STALL).isEqualTo(STALL.seed(1));
    }

    @Test
    void whatIsOutOfRangeIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STALL.probability(-0.1))
                .withMessage("fault rule: probability -0.1 is out of range; use 0 for never to 1 for always");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STALL.first(-1))
                .withMessage("fault rule: first -1 is out of range; use 0 or more, where 0 is all");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> STALL.during(Duration.ofSeconds(-1)))
                .withMessageStartingWith("fault rule: duration PT-1S is negative");
        assertThatNullPointerException()
                .isThrownBy(() -> FaultRule.toClient(Fault.stall(), (Fault) null))
                .withMessage("fault rule: fault is null");
    }

    @Test
    void aFaultOfListeningHasNoDirection() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> FaultRule.toClient(Fault.refuse()))
                .withMessage("fault rule: REFUSE is met by clients that connect, and has no direction;"
                        + " use listening(…) for it");
        assertThat(FaultRule.listening(Fault.refuse())).hasToString("listening: REFUSE");
    }

    @ParameterizedTest
    @EnumSource
    void aFaultOfThePortCannotPickItsClients(ListeningFault fault) {
        FaultRule rule = FaultRule.listening(fault);

        if (fault.isForAll()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> rule.first(1))
                    .withMessage("fault rule: " + fault + " meets all who connect, and cannot pick some, as"
                            + " acceptAndClose and acceptAndReset can");
        } else {
            assertThat(rule.first(1).first()).isOne();
        }
    }

    @Test
    void aRouteRefusesFaultsThatAreNotForWhatItRelays() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.tcp("db").faults(FaultRule.toClient(Fault.loss(0.1))))
                .withMessage("route \"db\": faults: loss 0.1 is not for TCP; use latency, bandwidth, slice, limit,"
                        + " halfClose, slowClose, stall, blackHole or reset");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.udp("dns")
                        .faults(FaultRule.toClient(Fault.latency(Duration.ZERO).withEnd())))
                .withMessage(
                        "route \"dns\": faults: latency PT0S, of end is not for UDP; datagrams have neither connect"
                                + " nor end");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.udp("dns").faults(FaultRule.toClient(Fault.reset())))
                .withMessage("route \"dns\": faults: reset is not for UDP; latency, stall, blackHole and the faults of"
                        + " datagrams are");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.udp("dns").faults(FaultRule.listening(Fault.unresponsive())))
                .withMessage("route \"dns\": faults: UNRESPONSIVE is not for UDP; refuse and pauseAccepting are, and"
                        + " blackHole has datagrams vanish");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.udp("dns").faults(FaultRule.bothWays(Fault.rebind())))
                .withMessage("route \"dns\": faults: rebinding is for the port that the upstream sees; use it to"
                        + " upstream");
    }

    @Test
    void aRouteKeepsItsFaultsWhenItIsChanged() {
        TcpRoute route = Route.tcp("db").listen(0).faults(STALL).to("127.0.0.1:1");

        assertThat(route.faults()).containsExactly(STALL);
        assertThat(route.toBuilder().to(route.upstreams()).faults()).containsExactly(STALL);
        assertThat(route.toBuilder().faults().to(route.upstreams()).faults()).isEqualTo(List.of());
    }
}
