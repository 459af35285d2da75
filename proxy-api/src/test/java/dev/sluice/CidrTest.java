package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,      10.0.0.0",
        "10.0.0.0/8,      10.255.255.255",
        "192.168.7.0/25,  192.168.7.127",
        "192.168.7.128/25, 192.168.7.255",
        "10.0.0.5,        10.0.0.5",
        "10.0.0.5/32,     10.0.0.5",
        "0.0.0.0/0,       255.255.255.255",
        "128.0.0.0/1,     200.1.2.3",
        "2001:db8::/32,   2001:db8:ffff::1",
        "2001:db8:8000::/33, 2001:db8:8000::1",
        "::1,             ::1",
        "::/0,            ffff::1",
        "::ffff:10.0.0.0, 10.0.0.0",
    })
    void containsTheAddressesThatBeginAsItDoes(String block, String address) throws Exception {
        assertThat(Cidr.of(block).contains(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8,      11.0.0.0",
        "10.0.0.0/8,      9.255.255.255",
        "192.168.7.0/25,  192.168.7.128",
        "10.0.0.5,        10.0.0.4",
        "0.0.0.0/0,       ::1",
        "::/0,            10.0.0.1",
        "128.0.0.0/1,     127.255.255.255",
        "2001:db8::/32,   2001:db9::",
        "2001:db8:8000::/33, 2001:db8:7fff::1",
    })
    void andNoOthers(String block, String address) throws Exception {
        assertThat(Cidr.of(block).contains(InetAddress.getByName(address))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.0/33   | block \"10.0.0.0/33\" has \"33\" after its slash; write how many bits count, 0 to 32",
                "10.0.0.0/     | block \"10.0.0.0/\" has \"\" after its slash; write how many bits count, 0 to 32",
                "10.0.0.0/-1   | block \"10.0.0.0/-1\" has \"-1\" after its slash; write how many bits count, 0 to 32",
                "10.0.0.0/8/8  | block \"10.0.0.0/8/8\" has \"8/8\" after its slash; write how many bits count",
                "::/129        | block \"::/129\" has \"129\" after its slash; write how many bits count, 0 to 128",
                "10.1.2.3/8    | block \"10.1.2.3/8\" has bits beyond its first 8; write 10.0.0.0/8, or 10.1.2.3",
                "example.org/8 | block \"example.org/8\" does not begin with an address; write one such as 10.0.0.0/8",
                "fe80::1%1     | block \"fe80::1%1\" does not begin with an address; write one such as 10.0.0.0/8",
                "300.0.0.0/8   | block \"300.0.0.0/8\": \"300.0.0.0\" is not an IPv4 address; write four numbers",
                "/8            | block \"/8\" has no host",
            })
    void whatIsNoBlockIsRefusedWithTheRemedy(String text, String message) {
        assertThatIllegalArgumentException().isThrownBy(() -> Cidr.of(text)).withMessageStartingWith(message);
    }

    @Test
    void isEqualWhereItIsTheSameBlockHoweverWritten() throws UnknownHostException {
        assertThat(Cidr.of("2001:db8::/32"))
                .isEqualTo(Cidr.of("2001:0DB8:0::/32"))
                .hasSameHashCodeAs("2001:db8:0:0:0:0:0:0/32");
        assertThat(Cidr.of("10.0.0.5")).isEqualTo(Cidr.of("10.0.0.5/32")).hasToString("10.0.0.5/32");
        assertThat(Cidr.of("10.0.0.0/8")).isNotEqualTo(Cidr.of("10.0.0.0/9"));
    }
}
