package dev.sluice.nio.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Ejection;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandingTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final Ejection policy = Ejection.after(3).times(Duration.ofSeconds(10), Duration.ofSeconds(30));
    private final Standing standing = new Standing(new Group(Upstreams.of(List.of()), 1, (member, change) -> {}));

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
}
