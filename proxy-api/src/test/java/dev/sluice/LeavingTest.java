package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LeavingTest {

    @Test
    void eachWayToLeaveSaysWhatItIsAndHowLongItTakes() {
        assertThat(Leaving.keep())
                .extracting(Leaving::kind, Leaving::within)
                .containsExactly(Leaving.Kind.KEEP, Duration.ZERO);
        assertThat(Leaving.close())
                .extracting(Leaving::kind, Leaving::within)
                .containsExactly(Leaving.Kind.CLOSE, Duration.ZERO);
        assertThat(Leaving.drain(Duration.ofSeconds(3)))
                .extracting(Leaving::kind, Leaving::within)
                .containsExactly(Leaving.Kind.DRAIN, Duration.ofSeconds(3));
        assertThat(Leaving.spread(Duration.ofSeconds(4)))
                .extracting(Leaving::kind, Leaving::within)
                .containsExactly(Leaving.Kind.SPREAD, Duration.ofSeconds(4));
    }

    @Test
    void isShownAsItIsWritten() {
        assertThat(Leaving.keep()).hasToString("keep");
        assertThat(Leaving.close()).hasToString("close");
        assertThat(Leaving.drain(Duration.ofSeconds(30))).hasToString("drain PT30S");
        assertThat(Leaving.spread(Duration.ZERO)).hasToString("spread PT0S");
    }

    @Test
    void aTimeThatCannotBeKeptIsRefused() {
        assertThatThrownBy(() -> Leaving.drain(Duration.ofMillis(-1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("drain PT-0.001S is negative; use zero for no time at all");
        assertThatThrownBy(() -> Leaving.spread(Duration.ofDays(36_501)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spread PT876024H is too long; use at most 36500 days, or Leaving.keep()");
    }
}
