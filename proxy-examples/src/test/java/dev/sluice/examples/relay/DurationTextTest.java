package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({"0, PT0S", "500ms, PT0.5S", "5s, PT5S", "10m, PT10M", "2h, PT2H", "90s, PT1M30S", "0s, PT0S"})
    void isReadWithItsUnit(String text, Duration duration) {
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @CsvSource({"PT0S, 0", "PT0.5S, 500ms", "PT1.5S, 1500ms", "PT5S, 5s", "PT1M30S, 90s", "PT10M, 10m", "PT48H, 48h"})
    void isShownInTheLargestUnitThatFits(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
        assertThat(DurationText.parse(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-5s", "5S", "5 s", "1.5s", "1h30m", "forever"})
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessage("\"" + text + "\" is not a duration; write 500ms, 5s, 10m or 2h, or 0 for none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"876001h", "999999999999h"})
    void hasABound(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DurationText.parse(text))
                .withMessage("\"" + text + "\" is too long; use at most 876000h");
    }
}
