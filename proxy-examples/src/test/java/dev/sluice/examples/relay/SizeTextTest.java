package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SizeTextTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "1500, 1500", "64k, 65536", "64K, 65536", "4m, 4194304", "1g, 1073741824"})
    void isReadInBytesOrWithAUnit(String text, int bytes) {
        assertThat(SizeText.parse(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "4mb", "1.5m", "4 m"})
    void anythingElseIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeText.parse(text))
                .withMessage("\"" + text + "\" is not a size; write bytes, or 64k or 4m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2g", "2147483648", "9999999999g"})
    void hasABound(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SizeText.parse(text))
                .withMessage("\"" + text + "\" is too large; use less than 2g");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1.00 KiB",
        "10234, 9.99 KiB",
        "10240, 10.0 KiB",
        "102348, 99.9 KiB",
        "102400, 100 KiB",
        "1048063, 1023 KiB",
        "1048064, 1.00 MiB",
        "1268776, 1.21 MiB",
        "9223372036854775807, 8.00 EiB"
    })
    void isShownWithThreeDigitsAndABinaryUnit(double bytes, String text) {
        assertThat(SizeText.of(bytes)).isEqualTo(text).hasSizeLessThanOrEqualTo(8);
    }
}
