package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:80",
        "0.0.0.0, 0.0.0.0:80",
        "::, [::]:80",
        "::1, [::1]:80",
        "1::, [1::]:80",
        "2001:db8:0:0:1:0:0:1, [2001:db8::1:0:0:1]:80",
        "2001:0:0:1:0:0:0:1, [2001:0:0:1::1]:80",
        "2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
        "0:0:1::, [0:0:1::]:80",
        "10:0:0:10:20:30:40:50, [10::10:20:30:40:50]:80"
    })
    void isAsPeopleWriteIt(String host, String text) throws UnknownHostException {
        assertThat(AddressText.of(new InetSocketAddress(InetAddress.getByName(host), 80)))
                .isEqualTo(text);
    }

    @Test
    void aScopeStays() throws UnknownHostException {
        byte[] linkLocal = InetAddress.getByName("fe80::1").getAddress();
        InetAddress scoped = Inet6Address.getByAddress(null, linkLocal, 7);

        assertThat(AddressText.of(new InetSocketAddress(scoped, 80))).isEqualTo("[fe80::1%7]:80");
    }

    @Test
    void severalAddressesOfAHostAreItsWildcard() throws UnknownHostException {
        InetSocketAddress v4 = new InetSocketAddress("127.0.0.1", 80);
        InetSocketAddress other = new InetSocketAddress("10.0.0.1", 80);
        InetSocketAddress v6 = new InetSocketAddress("::1", 80);

        assertThat(Listening.place(List.of(v4))).isEqualTo("127.0.0.1:80");
        assertThat(Listening.place(List.of(v4, other))).isEqualTo("0.0.0.0:80");
        assertThat(Listening.place(List.of(v4, v6))).isEqualTo("[::]:80");
    }
}
