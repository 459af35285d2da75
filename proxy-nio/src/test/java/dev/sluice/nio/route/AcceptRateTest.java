package dev.sluice.nio.route;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A rate on a clock of the test's own. */
class AcceptRateTest {
    private static final long SECOND = 1_000_000_000;

    /** Accepts as often as it may from one moment to another, and returns how often that was. */
    private static int acceptAll(AcceptRate rate, long from, long to) {
        int accepted = 0;
        for (long now = from; now < to; ) {
            long wait = rate.waitFrom(now);
            if (wait == 0) {
                rate.accepted(now);
                accepted++;
            }
            now += wait;
        }
        return accepted;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 10, 100, 20_000})
    void asManyAreAcceptedAsItSaysAndATenthMoreAtFirst(int perSecond) {
        AcceptRate rate = new AcceptRate(perSecond);
        long now = -5 * SECOND;

        assertThat(acceptAll(rate, now, now + 10 * SECOND))
                .isBetween(10 * perSecond, 10 * perSecond + perSecond / 10 + 1);
    }

    @Test
    void upToATenthAreAcceptedAtOnceAfterAQuietTime() {
        AcceptRate rate = new AcceptRate(1_000);

        assertThat(acceptAll(rate, 0, 1)).isEqualTo(100);
        assertThat(rate.waitFrom(0)).isEqualTo(SECOND / 1_000);
        assertThat(acceptAll(rate, 60 * SECOND, 60 * SECOND + 1)).isEqualTo(100);
    }

    @Test
    void aNewRateHoldsAtOnceAndZeroIsNone() {
        AcceptRate rate = new AcceptRate(1);
        rate.accepted(0);
        assertThat(rate.waitFrom(0)).isEqualTo(SECOND);

        rate.limit(0);
        assertThat(rate.waitFrom(0)).isZero();
        rate.accepted(0);
        rate.limit(2);
        assertThat(rate.waitFrom(SECOND)).isZero();
    }
}
