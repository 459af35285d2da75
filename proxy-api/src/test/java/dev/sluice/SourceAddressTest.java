package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SourceAddressTest {

    @Test
    void eachIsWhatItSays() {
        assertThat(SourceAddress.proxy().kind()).isEqualTo(SourceAddress.Kind.PROXY);
        assertThat(SourceAddress.client().kind()).isEqualTo(SourceAddress.Kind.CLIENT);
        assertThat(SourceAddress.clientWithPort(PortTaken.REFUSE).kind())
                .isEqualTo(SourceAddress.Kind.CLIENT_WITH_PORT);
        assertThat(SourceAddress.clientWithPort(PortTaken.REFUSE).portTaken()).isEqualTo(PortTaken.REFUSE);
        assertThat(SourceAddress.fixed("10.0.0.9").kind()).isEqualTo(SourceAddress.Kind.FIXED);
        assertThat(SourceAddress.fixed("[::1]").address().getHostAddress()).isEqualTo("0:0:0:0:0:0:0:1");
    }

    @Test
    void equalOnesAreEqualAndSayHowTheyAreMade() {
        assertThat(SourceAddress.fixed("10.0.0.9"))
                .isEqualTo(SourceAddress.fixed("10.0.0.9"))
                .hasSameHashCodeAs(SourceAddress.fixed("10.0.0.9"))
                .isNotEqualTo(SourceAddress.fixed("10.0.0.8"))
                .hasToString("fixed(10.0.0.9)");
        assertThat(SourceAddress.clientWithPort(PortTaken.ANOTHER))
                .isNotEqualTo(SourceAddress.clientWithPort(PortTaken.REFUSE))
                .hasToString("clientWithPort(ANOTHER)");
        assertThat(SourceAddress.client()).isNotEqualTo(SourceAddress.proxy()).hasToString("client()");
        assertThat(SourceAddress.proxy()).hasToString("proxy()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "0.0.0.0", "::"})
    void aFixedOneIsALiteralAddressOfOneHost(String address) {
        assertThatThrownBy(() -> SourceAddress.fixed(address))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + address + "\" is no address of one host");
    }
}
