package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlvTest {

    @Test
    void itHasTheTypeAndTheValueThatItWasGiven() {
        byte[] value = {1, 2};
        Tlv tlv = Tlv.of(0xe0, value);
        value[0] = 9;
        tlv.value()[1] = 9;

        assertThat(tlv.type()).isEqualTo(0xe0);
        assertThat(tlv.value()).containsExactly(1, 2);
        assertThat(tlv.length()).isEqualTo(2);
        assertThat(tlv).hasToString("0xe0: 0102");
    }

    @Test
    void itIsEqualToWhatHasTheSameTypeAndValue() {
        assertThat(Tlv.of(Tlv.ALPN, "h2"))
                .isEqualTo(Tlv.of(1, new byte[] {'h', '2'}))
                .hasSameHashCodeAs(Tlv.of(1, "h2"))
                .isNotEqualTo(Tlv.of(2, "h2"))
                .isNotEqualTo(Tlv.of(1, "h3"));
    }

    @Test
    void textIsUtf8() {
        assertThat(Tlv.of(Tlv.AUTHORITY, "é").value()).containsExactly(0xc3, 0xa9);
        assertThat(Tlv.of(Tlv.AUTHORITY, "é").text()).isEqualTo("é");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 256})
    void aTypeIsAByte(int type) {
        assertThatThrownBy(() -> Tlv.of(type, "")).hasMessageStartingWith("TLV type " + type + " is out of range");
        assertThat(Tlv.of(255, "").type()).isEqualTo(255);
    }

    @Test
    void aLengthFitsIntoTwoBytes() {
        assertThat(Tlv.of(0, new byte[65_535]).length()).isEqualTo(65_535);
        assertThatThrownBy(() -> Tlv.of(0, new byte[65_536])).hasMessageContaining("65536 bytes is too long");
    }

    @Test
    void aChecksumHasFourBytes() {
        assertThat(Tlv.crc32c().length()).isEqualTo(4);
        assertThatThrownBy(() -> Tlv.of(Tlv.CRC32C, "abc")).hasMessageContaining("3 bytes is no checksum");
    }
}
