package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HealthCheckTest {
    private static final HealthCheck CONNECT = HealthCheck.connect();

    @Test
    void aGroupIsNotCheckedUnlessItIsTold() {
        Upstreams group = Upstreams.of(List.of());

        assertThat(group.healthCheck()).isNull();
        assertThat(group.slowStart()).isZero();
        assertThat(group.panicBelow()).isZero();
        Upstreams changed =
                group.check(CONNECT).slowStart(Duration.ofSeconds(3)).panicBelow(0.5);
        assertThat(changed.named("web").healthCheck()).isEqualTo(CONNECT);
        assertThat(changed.eject(Ejection.off()).slowStart()).isEqualTo(Duration.ofSeconds(3));
        assertThat(changed.select(UpstreamSelector.random()).panicBelow()).isEqualTo(0.5);
        assertThat(changed).isNotEqualTo(group);
    }

    @Test
    void aCheckHasFiniteDefaults() {
        assertThat(CONNECT.kind()).isEqualTo(HealthCheck.Kind.CONNECT);
        assertThat(CONNECT.interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(CONNECT.timeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(CONNECT.rise()).isEqualTo(2);
        assertThat(CONNECT.fall()).isEqualTo(3);
        assertThat(CONNECT.port()).isZero();
        assertThat(CONNECT.leaving().kind()).isEqualTo(Leaving.Kind.KEEP);
        assertThat(CONNECT).hasToString("CONNECT every PT5S");
        assertThat(CONNECT.port(8080)).hasToString("CONNECT to port 8080 every PT5S");
    }

    @Test
    void eachSettingChangesNothingElse() {
        HealthCheck check = HealthCheck.exchange("PING\r\n", "+PONG")
                .interval(Duration.ofSeconds(1))
                .timeout(Duration.ofMillis(100))
                .rise(4)
                .fall(5)
                .port(6)
                .leaving(Leaving.close());

        assertThat(check.kind()).isEqualTo(HealthCheck.Kind.EXCHANGE);
        assertThat(check.send()).asString(StandardCharsets.UTF_8).isEqualTo("PING\r\n");
        assertThat(check.expect()).asString(StandardCharsets.UTF_8).isEqualTo("+PONG");
        assertThat(check.interval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(check.timeout()).isEqualTo(Duration.ofMillis(100));
        assertThat(check.rise()).isEqualTo(4);
        assertThat(check.fall()).isEqualTo(5);
        assertThat(check.port()).isEqualTo(6);
        assertThat(check.leaving()).isEqualTo(Leaving.close());
    }

    @Test
    void twoAreEqualWhenAllOfThemIs() {
        HealthCheck check = HealthCheck.datagram(new byte[] {1, 2}, new byte[] {3});

        assertThat(check).isEqualTo(HealthCheck.datagram(new byte[] {1, 2}, new byte[] {3}));
        assertThat(check).hasSameHashCodeAs(HealthCheck.datagram(new byte[] {1, 2}, new byte[] {3}));
        assertThat(check).isNotEqualTo(HealthCheck.datagram(new byte[] {1, 2}, new byte[] {4}));
        assertThat(check).isNotEqualTo(HealthCheck.exchange(new byte[] {1, 2}, new byte[] {3}));
        assertThat(check).isNotEqualTo(check.rise(7));
        assertThat(check).isNotEqualTo(check.port(7));
        assertThat(check).isNotEqualTo(check.leaving(Leaving.close()));
    }

    @Test
    void whatIsSentCannotBeChangedAfterwards() {
        byte[] send = {1};
        HealthCheck check = HealthCheck.datagram(send, send);
        send[0] = 2;
        check.send()[0] = 3;

        assertThat(check.send()).containsExactly(1);
    }

    @Test
    void whatIsOutOfRangeIsSaid() {
        assertRefused("interval is zero; use a longer one", () -> CONNECT.interval(Duration.ZERO));
        assertRefused("timeout is zero; use a longer one", () -> CONNECT.timeout(Duration.ZERO));
        assertRefused("interval PT-1S is negative", () -> CONNECT.interval(Duration.ofSeconds(-1)));
        assertRefused("rise 0 is out of range; use 1 or more", () -> CONNECT.rise(0));
        assertRefused("fall 0 is out of range; use 1 or more", () -> CONNECT.fall(0));
        assertRefused("port 65536 is out of range; use 1 to 65535", () -> CONNECT.port(65_536));
        assertRefused("what to send is empty", () -> HealthCheck.datagram("", "x"));
        assertRefused("what to send has 65508 bytes", () -> HealthCheck.exchange("x".repeat(65_508), ""));
        assertRefused("what to expect has 65508 bytes", () -> HealthCheck.exchange("", "x".repeat(65_508)));
    }

    private static void assertRefused(String message, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith("health check: " + message);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatNullPointerException()
                .isThrownBy(() -> HealthCheck.exchange(null, "x"))
                .withMessage("health check: what to send is null");
        assertThatNullPointerException()
                .isThrownBy(() -> CONNECT.leaving(null))
                .withMessage("health check: leaving is null");
    }

    @Test
    void settingsOfAGroupAreCheckedWithItsName() {
        Upstreams group = Upstreams.of("a:1").named("web");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> group.panicBelow(1.5))
                .withMessage("group \"web\": panicBelow 1.5 is out of range; use 0, for never, to 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> group.slowStart(Duration.ofSeconds(-1)))
                .withMessageStartingWith("group \"web\": slowStart PT-1S is negative");
    }
}
