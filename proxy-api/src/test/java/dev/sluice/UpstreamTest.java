package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.5:80, 10.0.0.5, 80",
        "0.0.0.1:1, 0.0.0.1, 1",
        "[::1]:80, ::1, 80",
        "[2001:DB8::a]:65535, 2001:DB8::a, 65535",
        "db.internal:5432, db.internal, 5432",
        "db.internal.:5432, db.internal., 5432",
        "my_service-1:0080, my_service-1, 80",
        "bücher.example:443, bücher.example, 443",
        "10.0.0.5.example:80, 10.0.0.5.example, 80",
    })
    void hostAndPortAreReadAsWritten(String text, String host, int port) {
        Upstream upstream = Upstream.of(text);

        assertThat(upstream.host()).isEqualTo(host);
        assertThat(upstream.port()).isEqualTo(port);
        assertThat(upstream.id()).isEqualTo(text);
    }

    @Test
    void aLiteralAddressIsResolvedAndANameIsNot() throws Exception {
        byte[] four = {(byte) 192, 0, 2, (byte) 200};
        InetAddress six =
                InetAddress.getByAddress(new byte[] {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7});

        assertThat(Upstream.of("192.0.2.200:80").address())
                .isEqualTo(new InetSocketAddress(InetAddress.getByAddress(four), 80));
        assertThat(Upstream.of("[2001:db8::7]:80").address()).isEqualTo(new InetSocketAddress(six, 80));
        assertThat(Upstream.of("no-such-host.invalid:80").address())
                .isEqualTo(InetSocketAddress.createUnresolved("no-such-host.invalid", 80));
    }

    @Test
    void aZoneIsANumberOrTheNameOfAnInterface() throws Exception {
        InetAddress byNumber = Upstream.of("[fe80::1%7]:80").address().getAddress();
        assertThat(((Inet6Address) byNumber).getScopeId()).isEqualTo(7);

        NetworkInterface loopback = NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
        InetAddress byName =
                Upstream.of("[fe80::1%" + loopback.getName() + "]:80").address().getAddress();
        assertThat(((Inet6Address) byName).getScopeId()).isEqualTo(loopback.getIndex());

        assertThatThrownBy(() -> Upstream.of("[fe80::1%nowhere0]:80"))
                .hasMessage("upstream \"[fe80::1%nowhere0]:80\": no network interface is called \"nowhere0\";"
                        + " name one after the % sign");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.5|has no port; write host:port, for example 10.0.0.5:80",
                "db.internal|has no port; write host:port, for example db.internal:80",
                "''|has no port; write host:port, for example 10.0.0.5:80",
                "[::1]|has no port; write [address]:port, for example [::1]:80",
                "[::1]80|has no port; write [address]:port, for example [::1]:80",
                "[::1:80|has no closing bracket; write [address]:port, for example [::1]:80",
                "db:|has port \"\", which is no number; use 1 to 65535",
                "db:http|has port \"http\", which is no number; use 1 to 65535",
                "db:-1|has port \"-1\", which is no number; use 1 to 65535",
                "db:0|has port \"0\", which is out of range; use 1 to 65535",
                "0.0.0.0:80|is the wildcard address, not that of one host; name the host behind the proxy",
                "[::]:80|is the wildcard address, not that of one host; name the host behind the proxy",
                "[::ffff:0.0.0.0]:80|is the wildcard address, not that of one host; name the host behind the proxy",
                "224.0.0.1:53|is a multicast address, not that of one host; name the host behind the proxy",
                "239.255.255.255:53|is a multicast address, not that of one host; name the host behind the proxy",
                "[ff02::fb]:53|is a multicast address, not that of one host; name the host behind the proxy",
                "255.255.255.255:53|is the broadcast address, not that of one host; name the host behind the proxy",
                "db:65536|has port \"65536\", which is out of range; use 1 to 65535",
                "db:99999999999|has port \"99999999999\", which is out of range; use 1 to 65535",
                ":80|has no host; name one, for example localhost",
                "[]:80|brackets go around an IPv6 address and nothing else, for example [::1]",
                "[db]:80|brackets go around an IPv6 address and nothing else, for example [::1]",
                "::1:80|more than one colon; write host:port, or with an IPv6 address [address]:port",
                "10.0.0.5:80:90|more than one colon; write host:port, or with an IPv6 address [address]:port",
                "[::g]:80|\"::g\" is neither an IPv6 address, such as 2001:db8::1, nor a host name",
                "http://db:8080/x|is a URL; a plain host:port is wanted, for example db:80",
                "tcp://|is a URL; a plain host:port is wanted, for example 10.0.0.5:80",
                "10.0.0.256:80|\"10.0.0.256\" is not an IPv4 address; write four numbers from 0 to 255 without leading",
                "10.0.5:80|\"10.0.5\" is not an IPv4 address; write four numbers from 0 to 255 without leading zeros",
                "010.0.0.5:80|\"010.0.0.5\" is not an IPv4 address; write four numbers from 0 to 255 without leading",
                "1.2.3.4.5:80|\"1.2.3.4.5\" is not an IPv4 address",
                "8080:80|\"8080\" is not an IPv4 address",
                "' db:80'|\" db\" is not a host name; use letters, digits, hyphens and dots, or a literal address",
                "a..b:80|\"a..b\" is not a host name",
                "user@db:80|\"user@db\" is not a host name",
                "db/x:80|\"db/x\" is not a host name",
            })
    void whatIsNoUpstreamIsRefusedWithWhatWouldBeRight(String text, String message) {
        assertThatThrownBy(() -> Upstream.of(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("upstream \"" + text + "\"")
                .hasMessageContaining(message);
    }

    @Test
    void whatStandsInAMessageIsShortAndHasNoControlCharacters() {
        assertThatThrownBy(() -> Upstream.of("a\r\nb:80")).hasMessageStartingWith("upstream \"a\\u000d\\u000ab:80\": ");
        assertThatThrownBy(() -> Upstream.of("x".repeat(100_000)))
                .message()
                .hasSizeLessThan(300)
                .contains("x…\" has no port");
        assertThatThrownBy(() -> Upstream.of("x:" + "9".repeat(100_000)))
                .message()
                .hasSizeLessThan(400)
                .contains("9…\", which is out of range");
        assertThatThrownBy(() -> Upstream.of("x".repeat(254) + ":80")).hasMessageContaining("is not a host name");
    }

    @Test
    void theIdCanBeChosenAndNothingElseChanges() {
        Upstream upstream = Upstream.of("10.0.0.5:80").id("db-1");

        assertThat(upstream.id()).isEqualTo("db-1");
        assertThat(upstream.host()).isEqualTo("10.0.0.5");
        assertThat(upstream.port()).isEqualTo(80);
        assertThat(upstream).hasToString("db-1 (10.0.0.5:80)");
        assertThat(Upstream.of("[::1]:80")).hasToString("[::1]:80");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\nb"})
    void anIdThatCannotBeReadIsRefused(String id) {
        assertThatThrownBy(() -> Upstream.of("db:80").id(id))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use a readable name such as \"db-1\"");
    }

    @Test
    void upstreamsAreEqualWhenIdHostAndPortAre() {
        Upstream upstream = Upstream.of("db:80");

        assertThat(upstream)
                .isEqualTo(Upstream.of("db:80"))
                .hasSameHashCodeAs(Upstream.of("db:80"))
                .isNotEqualTo(upstream.id("other"))
                .isNotEqualTo(Upstream.of("db:81").id("db:80"))
                .isNotEqualTo(Upstream.of("dc:80").id("db:80"));
    }

    @Test
    void weightAndPriorityHaveDefaultsAndStayWithTheId() {
        Upstream plain = Upstream.of("10.0.0.5:80");
        assertThat(plain.weight()).isEqualTo(100);
        assertThat(plain.priority()).isZero();
        assertThat(plain.maxConnections()).isZero();

        Upstream other = plain.weight(7).maxConnections(9).priority(2).id("db-1");
        assertThat(other.weight()).isEqualTo(7);
        assertThat(other.priority()).isEqualTo(2);
        assertThat(other.maxConnections()).isEqualTo(9);
        assertThat(other).isNotEqualTo(other.maxConnections(8));
        assertThat(other).isNotEqualTo(plain.id("db-1"));
        assertThat(other)
                .isEqualTo(plain.id("db-1").priority(2).weight(7).maxConnections(9))
                .hasSameHashCodeAs(plain.id("db-1").priority(2).weight(7).maxConnections(9));
    }

    @Test
    void weightAndPriorityHaveARange() {
        Upstream plain = Upstream.of("10.0.0.5:80");

        assertThat(plain.weight(0).weight()).isZero();
        assertThat(plain.weight(1_000).weight()).isEqualTo(1_000);
        assertThatThrownBy(() -> plain.weight(1_001))
                .hasMessage("upstream \"10.0.0.5:80\": weight 1001 is out of range; use 0, for no new flows, to 1000");
        assertThatThrownBy(() -> plain.weight(-1)).hasMessageContaining("weight -1 is out of range");
        assertThatThrownBy(() -> plain.maxConnections(-1))
                .hasMessage(
                        "upstream \"10.0.0.5:80\": maxConnections -1 is negative; use 1 or more, or 0 for no bound");
        assertThatThrownBy(() -> plain.priority(-1))
                .hasMessage("upstream \"10.0.0.5:80\": priority -1 is negative;"
                        + " use 0 for what is tried first, and more for what is tried later");
    }
}
