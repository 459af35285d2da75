package dev.sluice.examples.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sluice.Cidr;
import dev.sluice.Ejection;
import dev.sluice.HealthCheck;
import dev.sluice.Route;
import dev.sluice.TcpRoute;
import dev.sluice.Transport;
import dev.sluice.UdpRoute;
import dev.sluice.Upstream;
import dev.sluice.UpstreamSelector;
import dev.sluice.UpstreamSource;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteArgumentTest {

    private static Route route(String text) {
        RouteArgument argument = RouteArgument.parse(text);
        return argument.route(argument.name().orElse(argument.ownName()));
    }

    @Test
    void aPortListensOnEveryAddress() {
        Route route = route("7005=127.0.0.1:5201");

        assertThat(route.transport()).isEqualTo(Transport.TCP);
        assertThat(route.name()).isEqualTo("tcp-7005");
        assertThat(route.listen())
                .containsExactlyElementsOf(
                        Route.tcp("same").listen(7005).to("a:1").listen());
        assertThat(route.upstreams().members()).containsExactly(Upstream.of("127.0.0.1:5201"));
    }

    @Test
    void aHostListensThere() {
        assertThat(route("tcp:127.0.0.1:0=a:1").listen()).containsExactly(new InetSocketAddress("127.0.0.1", 0));
        assertThat(route("[::1]:7005=a:1").listen()).containsExactly(new InetSocketAddress("::1", 7005));
        assertThat(route("localhost:7005=a:1").listen())
                .containsExactly(InetSocketAddress.createUnresolved("localhost", 7005));
    }

    @Test
    void udpIsAskedFor() {
        Route route = route("udp:127.0.0.1:5300=9.9.9.9:53");

        assertThat(route).isInstanceOf(UdpRoute.class);
        assertThat(route.name()).isEqualTo("udp-5300");
    }

    @Test
    void upstreamsAreSeparatedByCommas() {
        assertThat(route("7005=10.0.0.5:80,[::1]:81,db.internal:82").upstreams().members())
                .extracting(Upstream::id)
                .containsExactly("10.0.0.5:80", "[::1]:81", "db.internal:82");
    }

    @Test
    void eachUpstreamHasItsWeightAndPriority() {
        assertThat(route("7005=a:1,b:1,c:1?weight=70,30,0&priority=0,0,1")
                        .upstreams()
                        .members())
                .containsExactly(
                        Upstream.of("a:1").weight(70),
                        Upstream.of("b:1").weight(30),
                        Upstream.of("c:1").weight(0).priority(1));
        assertThat(route("udp:7005=a:1,b:1?weight=5,6").upstreams().members())
                .containsExactly(
                        Upstream.of("a:1").weight(5), Upstream.of("b:1").weight(6));
    }

    @Test
    void aNameMayBeResolvedAgainAndAgain() {
        assertThat(route("7005=web.internal:80?resolve=5s").upstreams().source())
                .isEqualTo(UpstreamSource.dns("web.internal", 80, Duration.ofSeconds(5)));
        assertThat(route("udp:7005=web.internal:80?resolve=500ms").upstreams().source())
                .isEqualTo(UpstreamSource.dns("web.internal", 80, Duration.ofMillis(500)));
        assertThat(route("7005=web.internal:80").upstreams().source()).isNull();
    }

    @Test
    void checksConnectOrExchangeSomething() {
        assertThat(route("7005=a:1").upstreams().healthCheck()).isNull();
        assertThat(route("7005=a:1?check=2s").upstreams().healthCheck())
                .isEqualTo(HealthCheck.connect().interval(Duration.ofSeconds(2)));
        assertThat(route("7005=a:1?check=2s&checkSend=PING\\r\\n&checkExpect=+PONG&checkTimeout=1s&rise=4&fall=5")
                        .upstreams()
                        .healthCheck())
                .isEqualTo(HealthCheck.exchange("PING\r\n", "+PONG")
                        .interval(Duration.ofSeconds(2))
                        .timeout(Duration.ofSeconds(1))
                        .rise(4)
                        .fall(5));
        assertThat(route("7005=a:1?check=2s&checkExpect=SSH-&checkPort=22")
                        .upstreams()
                        .healthCheck())
                .isEqualTo(HealthCheck.exchange("", "SSH-")
                        .interval(Duration.ofSeconds(2))
                        .port(22));
        assertThat(route("udp:7005=a:1?check=2s&checkSend=\\x00a\\x26\\\\&checkExpect=\\t")
                        .upstreams()
                        .healthCheck())
                .isEqualTo(HealthCheck.datagram("\0a&\\", "\t").interval(Duration.ofSeconds(2)));
    }

    @Test
    void whoMayConnectAndHowOftenIsTheRoutes() {
        TcpRoute tcp =
                (TcpRoute) route("7005=a:1,b:1?allow=10.0.0.0/8,::1&deny=10.1.0.0/16&maxPerClient=7&acceptRate=9");
        assertThat(tcp.allow()).containsExactly(Cidr.of("10.0.0.0/8"), Cidr.of("::1"));
        assertThat(tcp.deny()).containsExactly(Cidr.of("10.1.0.0/16"));
        assertThat(tcp.maxConnectionsPerClient()).isEqualTo(7);
        assertThat(tcp.acceptRate()).isEqualTo(9);
        UdpRoute udp = (UdpRoute) route("udp:7005=a:1,b:1?deny=::/0&maxPerClient=7&limit=0,3");
        assertThat(udp.deny()).containsExactly(Cidr.of("::/0"));
        assertThat(udp.maxSessionsPerClient()).isEqualTo(7);
        assertThat(udp.upstreams().members())
                .extracting(Upstream::maxConnections)
                .containsExactly(0, 3);
    }

    @Test
    void thePanicThresholdAndTheSlowStartAreTheGroups() {
        assertThat(route("7005=a:1?panicBelow=0.5").upstreams().panicBelow()).isEqualTo(0.5);
        assertThat(route("7005=a:1?slowStart=30s").upstreams().slowStart()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void ejectionIsSetOrOff() {
        assertThat(route("7005=a:1?eject=7").upstreams().ejection()).isEqualTo(Ejection.after(7));
        assertThat(route("udp:7005=a:1?eject=off").upstreams().ejection()).isEqualTo(Ejection.off());
    }

    @Test
    void whatIsNotSaidIsTheLibrarysDefault() {
        assertThat(route("7005=a:1?name=web"))
                .usingRecursiveComparison()
                .isEqualTo(Route.tcp("web").listen(7005).to("a:1"));
        assertThat(route("udp:7005=a:1?name=web"))
                .usingRecursiveComparison()
                .isEqualTo(Route.udp("web").listen(7005).to("a:1"));
    }

    @Test
    void everyTcpOptionHasItsSetting() {
        TcpRoute route = (TcpRoute) route("7005=a:1?name=web&connect=1s&attempts=2&deadline=3s&idle=4m&halfClosed=500ms"
                + "&maxDuration=6h&jitter=0.25&maxConnections=7&backlog=8&keepAlive=9s&noDelay=false");

        assertThat(route)
                .usingRecursiveComparison()
                .isEqualTo(Route.tcp("web")
                        .listen(7005)
                        .connectTimeout(Duration.ofSeconds(1))
                        .connectAttempts(2, Duration.ofSeconds(3))
                        .idleTimeout(Duration.ofMinutes(4))
                        .halfClosedTimeout(Duration.ofMillis(500))
                        .maxDuration(Duration.ofHours(6), 0.25)
                        .maxConnections(7)
                        .backlog(8)
                        .keepAlive(Duration.ofSeconds(9))
                        .noDelay(false)
                        .to("a:1"));
    }

    @Test
    void everyUdpOptionHasItsSetting() {
        UdpRoute route = (UdpRoute) route("udp:7005=a:1?name=dns&idle=0&maxSessions=2&maxDatagram=1k&requests=3"
                + "&responses=-1&receiveBuffer=2m");

        assertThat(route)
                .usingRecursiveComparison()
                .isEqualTo(Route.udp("dns")
                        .listen(7005)
                        .idleTimeout(Duration.ZERO)
                        .maxSessions(2)
                        .maxDatagram(1024)
                        .requests(3)
                        .responses(-1)
                        .receiveBuffer(2 << 20)
                        .to("a:1"));
    }

    @ParameterizedTest
    @CsvSource({
        "roundRobin, round-robin",
        "leastConnections, least-connections",
        "twoChoices, two-choices",
        "random, random",
        "failover, failover",
        "sourceHash, source-hash",
        "maglev, maglev"
    })
    void selectorsHaveTheNamesOfTheirFactories(String camel, String kebab) throws ReflectiveOperationException {
        Class<?> made = UpstreamSelector.class.getMethod(camel).invoke(null).getClass();

        assertThat(route("7005=a:1?select=" + camel).upstreams().selector()).isInstanceOf(made);
        assertThat(route("udp:7005=a:1?select=" + kebab).upstreams().selector()).isInstanceOf(made);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080                        | no = between where to listen and where to send",
                "tcp:8080                    | no = between where to listen and where to send",
                "=a:1                        | listen address \"\" has no port; write port or host:port",
                "x:=a:1                      | listen address \"x:\" has no port; write port or host:port",
                "65536=a:1                   | listen port 65536 is out of range; use 1 to 65535, or 0",
                ":80=a:1                     | no host before the colon in \":80\"; write the port alone",
                "::1:80=a:1                  | listen address \"::1:80\" has more than one colon; write port,",
                "*:80=a:1                    | no host before the colon in \"*:80\"; write the port alone",
                "sctp:8080=a:1               | \"sctp:\" is no transport, nor a name of this host; write tcp: or udp:",
                "TCP:8080=a:1                | \"TCP:\" is no transport, nor a name of this host; write tcp: or udp:",
                "tls:127.0.0.1:8080=a:1      | \"tls:\" is no transport, nor a name of this host; write tcp: or udp:",
                "tls:[::1]:8080=a:1?idle=1s  | \"tls:\" is no transport, nor a name of this host; write tcp: or udp:",
                "http://a:80=a:1             | \"http:\" is no transport, nor a name of this host; write tcp: or udp:",
                "fe80::1:80=a:1              | listen address \"fe80::1:80\" has more than one colon; write port,",
                "8080=                       | no upstream after the =",
                "8080=a:1,                   | an upstream is empty; write one comma between two",
                "8080=a:1,a:1                | upstream \"a:1\" is given twice; leave one out",
                "8080=a                      | upstream \"a\" has no port; write host:port, for example a:80",
                "8080=http://a/              | upstream \"http://a/\" is a URL; a plain host:port is wanted",
            })
    void theOneThingThatIsWrongIsSaid(String text, String wrong) {
        assertRefused(text, wrong);
    }

    private static void assertRefused(String text, String wrong) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> route(text))
                .withMessageStartingWith("route \"")
                .withMessageContaining(wrong);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080=a:1?                   | an option is empty; write ?option=value, with & between two",
                "8080=a:1?idle=1s&           | an option is empty; write ?option=value, with & between two",
                "8080=a:1?heavy=1            | option \"heavy\" is unknown; there are acceptRate, allow,",
                "udp:8080=a:1?ports=1        | option \"ports\" is unknown; there are allow, bothWays,",
                "8080=a:1?maxSessions=1      | option maxSessions is not for TCP routes; there are acceptRate,",
                "udp:8080=a:1?connect=1s     | option connect is not for UDP routes; there are allow,",
                "8080=a:1?source=b           | option source: \"b\" is neither proxy, client, client-port nor",
                "8080=a:1?proxyOut=v3        | option proxyOut: \"v3\" is neither v1 nor v2",
                "udp:8080=a:1?proxyOut=v1    | option proxyOut: \"v1\" is neither v2 nor v2-first",
                "8080=a:1?idle               | option idle has no value; write idle=...",
                "8080=a:1?idle=              | option idle has no value; write idle=...",
                "8080=a:1?idle=1s&idle=2s    | option idle is given twice; leave one out",
                "8080=a:1?idle=5             | option idle: \"5\" is not a duration; write 500ms, 5s, 10m or 2h",
                "8080=a:1?attempts=two       | option attempts: \"two\" is not a number of at most nine digits",
                "8080=a:1?attempts=0         | option attempts: \"0\" is out of range; use 1 or more",
                "8080=a:1?backlog=0          | option backlog: \"0\" is out of range; use 1 or more",
                "8080=a:1?maxConnections=-1  | option maxConnections: \"-1\" is out of range; use 0 or more",
                "8080=a:1?keepAlive=500ms    | option keepAlive: \"500ms\" is out of range; use 1s to 32767s, or 0",
                "8080=a:1?keepAlive=10h      | option keepAlive: \"10h\" is out of range; use 1s to 32767s, or 0",
                "udp:8080=a:1?maxSessions=0  | option maxSessions: \"0\" is out of range; use 1 or more",
                "udp:8080=a:1?requests=-1    | option requests: \"-1\" is out of range; use 0 or more",
                "udp:8080=a:1?responses=-2   | option responses: \"-2\" is out of range; use -1 or more",
                "udp:8080=a:1?receiveBuffer=0| option receiveBuffer: \"0\" is out of range; use 1 or more",
                "8080=a:1?maxDuration=1h&jitter=x | option jitter: \"x\" is not a fraction; use 0 to 1",
                "8080=a:1?maxDuration=1h&jitter=2 | option jitter: \"2\" is not a fraction; use 0 to 1",
                "8080=a:1?jitter=0.2         | option jitter lengthens maxDuration; give that too",
                "8080=a:1?noDelay=yes        | option noDelay: \"yes\" is neither true nor false",
                "8080=a:1?connect=20s        | connect, 20s, is longer than deadline, 10s, which bounds all attempts",
                "udp:8080=a:1?maxDatagram=1x | option maxDatagram: \"1x\" is not a size; write bytes, or 64k or 4m",
                "udp:8080=a:1?maxDatagram=0  | option maxDatagram: \"0\" is out of range; use 1 to 65507",
                "udp:8080=a:1?maxDatagram=1m | option maxDatagram: \"1m\" is out of range; use 1 to 65507",
            })
    void soItIsOfAnOption(String text, String wrong) {
        assertRefused(text, wrong);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "8080=a:1,b:1?weight=1       | option weight has 1 of 2 numbers; give one for each upstream,",
                "8080=a:1,b:1?priority=1,2,3 | option priority has 3 of 2 numbers; give one for each upstream,",
                "8080=a:1,b:1?weight=1,      | option weight: \"\" is not a number of at most nine digits",
                "8080=a:1?eject=0            | option eject: \"0\" is out of range; use 1 or more",
                "8080=a:1?check=0            | option check: \"0\" is out of range; use 1ms or more",
                "8080=a:1?rise=2             | option rise is about checks, which are off; give an interval too,",
                "udp:8080=a:1?check=1s       | option check of a UDP route sends something that is answered;",
                "8080=a:1?check=1s&checkSend=\\q | option checkSend: \"\\q\" has a backslash too many; write",
                "8080=a:1?check=1s&checkSend=\\x2 | option checkSend: \"\\x2\" has a backslash too many; write",
                "8080=a:1?panicBelow=50       | option panicBelow: \"50\" is not a fraction; use 0 to 1",
                "8080=a:1?allow=10.1.0.0/8   | option allow: block \"10.1.0.0/8\" has bits beyond its first 8; write",
                "8080=a:1?resolve=0          | option resolve: \"0\" is out of range; use 1ms or more",
                "8080=a:1,b:1?resolve=1s     | option resolve makes each address of one name an upstream;",
                "8080=a:1?resolve=1s&weight=1 | option resolve makes each address of one name an upstream;",
                "8080=a:1?weight=1001        | option weight: \"1001\" is out of range; use 0 to 1000",
                "8080=a:1?select=best        | option select: \"best\" is not a selector; use one of roundRobin,",
            })
    void soItIsOfAnOptionAboutUpstreamsAndTheirHealth(String text, String wrong) {
        assertRefused(text, wrong);
    }

    @ParameterizedTest
    @ValueSource(strings = {"8080=a:1?name=two words", "8080=a:1?name=\t"})
    void aNameIsAWord(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> route(text))
                .withMessageContaining("has whitespace or control characters");
    }

    @Test
    void theHelpSaysEveryOption() {
        String[] parts = Help.ROUTE_OPTIONS.split("Options of a UDP route");

        assertThat(RouteOptions.names(Transport.TCP))
                .allSatisfy(name -> assertThat(parts[0]).contains("\n  " + name + "="));
        assertThat(RouteOptions.names(Transport.UDP))
                .allSatisfy(name -> assertThat(parts[1]).contains("\n  " + name + "="));
    }
}
