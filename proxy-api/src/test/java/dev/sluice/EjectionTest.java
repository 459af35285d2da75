package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EjectionTest {

    @Test
    void aGroupEjectsAfterThreeFailuresUnlessItIsToldOtherwise() {
        Upstreams group = Upstreams.of(List.of());

        assertThat(group.ejection()).isEqualTo(Ejection.after(3)).hasToString("after 3 failures, for PT10S to PT5M");
        assertThat(group.eject(Ejection.off()).ejection()).hasToString("off");
        assertThat(group.eject(Ejection.off()).named("web").ejection().failures())
                .isZero();
        assertThat(group.eject(Ejection.after(3))).isEqualTo(group).hasSameHashCodeAs(group);
        assertThat(group.eject(Ejection.after(4))).isNotEqualTo(group);
    }

    @Test
    void timesAreChangedTogether() {
        Ejection policy = Ejection.after(1).times(Duration.ofSeconds(1), Duration.ofSeconds(1));

        assertThat(policy.failures()).isOne();
        assertThat(policy.first()).isEqualTo(policy.most()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whatIsOutOfRangeIsSaid() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ejection.after(0))
                .withMessage("ejection: failures 0 is out of range; use 1 or more, or Ejection.off()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ejection.after(1).times(Duration.ZERO, Duration.ofSeconds(1)))
                .withMessage("ejection: first time is zero; use a longer one, or Ejection.off()");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ejection.after(1).times(Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .withMessage("ejection: longest time PT1S is shorter than the first, PT2S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Ejection.after(1).times(Duration.ofSeconds(-2), Duration.ofSeconds(1)))
                .withMessageStartingWith("ejection: first time PT-2S is negative");
    }
}
