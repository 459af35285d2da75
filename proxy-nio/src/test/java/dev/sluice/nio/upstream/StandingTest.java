package dev.sluice.nio.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Ejection;
import dev.sluice.UpstreamHealth;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Ejection policy = Ejection.after(3).times(Duration.ofSeconds(10), Duration.ofSeconds(30));
    private final Standing standing =
            new Standing(new GroupHealth(new Group(Upstreams.of(List.of()), 1, change -> {}), change -> {}));

    @Test
    void eachEjectionIsTwiceAsLongAsTheOneBeforeUpToTheLongest() {
        long now = -5 * SECOND;
        for (int expected : new int[] {10, 20, 30, 30}) {
            Duration time = standing.eject(now, policy);
            assertThat(time).isEqualTo(Duration.ofSeconds(expected));
            assertThat(standing.isEjected()).isTrue();
            now += time.toNanos();
            standing.readmit(now, policy);
            assertThat(standing.isEjected()).isFalse();
            now += time.toNanos() - 1;
        }
        assertThat(standing.ejections()).isEqualTo(4);
    }

    @Test
    void whoHasBeenInRotationForAsLongAsItWasOutBeginsAnew() {
        standing.eject(0, policy);
        standing.readmit(10 * SECOND, policy);
        assertThat(standing.eject(15 * SECOND, policy)).isEqualTo(Duration.ofSeconds(20));
        standing.readmit(35 * SECOND, policy);

        assertThat(standing.eject(55 * SECOND, policy)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whoReturnsIsOneFailureAwayFromTheNextEjectionUntilItAnswers() {
        standing.eject(0, policy);
        standing.readmit(10 * SECOND, policy);
        assertThat(standing.failures()).isEqualTo(2);

        standing.succeeded();
        assertThat(standing.failures()).isZero();
    }

    @Test
    void aSlowStartGrowsFromAHundredthToTheWholeWeight() {
        standing.startSlowly(5 * SECOND, Duration.ofSeconds(10));

        assertThat(standing.share(1000, 5 * SECOND)).isEqualTo(10);
        assertThat(standing.share(1, 5 * SECOND)).isOne();
        assertThat(standing.share(1000, 10 * SECOND)).isEqualTo(500);
        assertThat(standing.share(1000, 15 * SECOND)).isEqualTo(1000);
        assertThat(standing.share(0, 6 * SECOND)).isZero();
    }

    @Test
    void whoDoesNotStartSlowlyHasItsWholeWeight() {
        assertThat(standing.share(100, 0)).isEqualTo(100);
        standing.startSlowly(0, Duration.ZERO);
        assertThat(standing.share(100, 0)).isEqualTo(100);
    }

    @Test
    void checksThatPassEndAnEjection() {
        standing.eject(0, policy);
        assertThat(standing.settle("failed")).isEqualTo(UpstreamHealth.EJECTED);
        assertThat(standing.countCheck(true)).isOne();
        standing.passChecks(SECOND, policy);

        assertThat(standing.settle("passed")).isEqualTo(UpstreamHealth.HEALTHY);
        assertThat(standing.reason()).isEqualTo("passed");
    }

    @Test
    void checksCountInARow() {
        assertThat(standing.countCheck(false)).isOne();
        assertThat(standing.isFirstCheck()).isTrue();
        assertThat(standing.countCheck(false)).isEqualTo(2);
        assertThat(standing.isFirstCheck()).isFalse();
        assertThat(standing.countCheck(true)).isOne();
        assertThat(standing.countCheck(false)).isOne();
        assertThat(standing.checksFailed()).isEqualTo(3);
        assertThat(standing.checksPassed()).isOne();
    }
}
