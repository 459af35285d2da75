package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiteralTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "255.255.255.255",
                "127.0.0.1",
                "::",
                "::1",
                "1::",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::2:3:4:5:6:7:8",
                "1::8",
                "fFfF:Abcd::0001",
                "::1.2.3.4",
                "64:ff9b::192.0.2.33",
                "1:2:3:4:5:6:1.2.3.4",
                "::ffff:10.0.0.1",
            })
    void literalAddressesAreReadAsTheJdkReadsThem(String text) throws Exception {
        assertThat(Literal.read(text, "x")).isEqualTo(InetAddress.getByName(text));
    }

    @Test
    void anyAddressIsReadBackFromItsText() throws Exception {
        long seed = 20_260_101;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = new byte[i % 2 == 0 ? 4 : 16];
            for (int b = 0; b < bytes.length; b++) {
                bytes[b] = (byte) (random.nextBoolean() ? 0 : random.nextInt());
            }
            InetAddress address = InetAddress.getByAddress(bytes);
            assertThat(Literal.read(address.getHostAddress(), "x"))
                    .as("seed %d", seed)
                    .isEqualTo(address);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":",
                ":::",
                "1:",
                ":1",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:8::",
                "1:2:3:4::5:6:7:8",
                "12345::",
                "1.2.3.4::",
                "::1.2.3",
                "::1.2.3.256",
                "::1.2.3.4:5",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::-1",
                "::+1",
                "::1 ",
                "localhost:80",
            })
    void whatHasAColonAndIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Literal.read(text, "host"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is neither an IPv6 address, such as 2001:db8::1, nor a host name");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.2.3", "1.2.3.4.", ".1.2.3.4", "1..3.4", "1.2.3.256", "1.2.3.04", "00.0.0.0", "127.1", "1"})
    void whatEndsInANumberAndIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> Literal.read(text, "host")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "a", "a.b", "1.2.3.4a", "0x7f.example", "-", "xn--bcher-kva.example"})
    void aNameIsLeftToTheResolver(String text) {
        assertThat(Literal.read(text, "host")).isNull();
    }
}
