package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class DnsSourceTest {
    private static final Duration SOON = Duration.ofMillis(1);

    /** Answers as the test says, one answer after another; the last one again and again. */
    private static final class Script implements NameResolver {
        private final List<Object> answers;
        private final AtomicInteger asked = new AtomicInteger();

        Script(Object... answers) {
            this.answers = List.of(answers);
        }

        @Override
        public List<InetAddress> resolve(String host) throws IOException {
            Object answer = answers.get(Math.min(asked.getAndIncrement(), answers.size() - 1));
            if (answer instanceof IOException failure) {
                throw failure;
            }
            if (answer instanceof Error failure) {
                throw failure;
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String each : answer.toString().split(" ")) {
                addresses.add(InetAddress.getByName(each));
            }
            return addresses;
        }
    }

    private final BlockingQueue<List<String>> delivered = new LinkedBlockingQueue<>();

    private void take(Collection<Upstream> snapshot) {
        delivered.add(snapshot.stream().map(Upstream::id).toList());
    }

    /** What is delivered until as many answers as there are, and two more, have been looked at. */
    private List<List<String>> deliveries(Object... answers) throws Exception {
        Script script = new Script(answers);
        AutoCloseable subscription = new DnsSource("web.internal", 80, SOON, script).subscribe(this::take);
        try {
            while (script.asked.get() < answers.length + 2) {
                Thread.onSpinWait();
            }
        } finally {
            subscription.close();
        }
        return List.copyOf(delivered);
    }

    @Test
    void eachAddressIsAnUpstreamOfItsOwn() throws Exception {
        assertThat(deliveries("10.0.0.5 2001:db8::7"))
                .containsExactly(List.of("10.0.0.5:80", "[2001:db8:0:0:0:0:0:7]:80"));
    }

    @Test
    void theSameAnswerInAnotherOrderIsNoNews() throws Exception {
        assertThat(deliveries("10.0.0.5 10.0.0.6", "10.0.0.6 10.0.0.5", "10.0.0.5 10.0.0.6"))
                .containsExactly(List.of("10.0.0.5:80", "10.0.0.6:80"));
    }

    @Test
    void aNewAddressComesAtOnce() throws Exception {
        assertThat(deliveries("10.0.0.5", "10.0.0.6 10.0.0.5"))
                .containsExactly(List.of("10.0.0.5:80"), List.of("10.0.0.5:80", "10.0.0.6:80"));
    }

    @Test
    void anAddressGoesWithTheSecondAnswerThatLacksIt() throws Exception {
        assertThat(deliveries("10.0.0.5 10.0.0.6", "10.0.0.5", "10.0.0.5 10.0.0.6", "10.0.0.5", "10.0.0.5"))
                .containsExactly(List.of("10.0.0.5:80", "10.0.0.6:80"), List.of("10.0.0.5:80"));
    }

    @Test
    void whileNoAnswerComesTheLastOneStays() throws Exception {
        UnknownHostException none = new UnknownHostException("web.internal");

        assertThat(deliveries("10.0.0.5", none, none, none, new InternalError("out of files"), "10.0.0.5"))
                .containsExactly(List.of("10.0.0.5:80"));
    }

    @Test
    void untilTheFirstAnswerItAsksAtLeastOnceASecond() throws Exception {
        Script script = new Script(new UnknownHostException("web.internal"), "10.0.0.5");
        AutoCloseable subscription =
                new DnsSource("web.internal", 80, Duration.ofDays(1), script).subscribe(this::take);
        try {
            assertThat(delivered.poll(20, TimeUnit.SECONDS)).containsExactly("10.0.0.5:80");
        } finally {
            subscription.close();
        }
        assertThat(script.asked).hasValue(2);
    }

    @Test
    void withNoIntervalItAsksUntilThereIsAnAnswerAndItsThreadGoes() throws Exception {
        Script script = new Script("10.0.0.5", "10.0.0.6");
        AutoCloseable subscription = new DnsSource("once.internal", 80, Duration.ZERO, script).subscribe(this::take);
        try {
            assertThat(delivered.poll(20, TimeUnit.SECONDS)).containsExactly("10.0.0.5:80");
            while (threads("once.internal") > 0) {
                Thread.onSpinWait();
            }
        } finally {
            subscription.close();
        }
        assertThat(script.asked).hasValue(1);
    }

    @Test
    void anAddressThatIsNoHostIsPassedOver() throws Exception {
        assertThat(deliveries("0.0.0.0 10.0.0.5")).containsExactly(List.of("10.0.0.5:80"));
    }

    @Test
    void afterItsEndItsThreadIsGoneAndItDeliversNothing() throws Exception {
        AutoCloseable subscription =
                new DnsSource("gone.internal", 80, SOON, new Script("10.0.0.5")).subscribe(this::take);
        delivered.take();
        subscription.close();

        assertThat(threads("gone.internal")).isZero();
    }

    @Test
    void itsEndDoesNotWaitForALookUpThatHangs() throws Exception {
        CountDownLatch asking = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        NameResolver hanging = host -> {
            asking.countDown();
            boolean released = false;
            while (!released) {
                try {
                    release.await();
                    released = true;
                } catch (InterruptedException e) {
                    // as a look-up of the system's: it does not heed that
                }
            }
            return List.of(InetAddress.getLoopbackAddress());
        };
        AutoCloseable subscription = new DnsSource("slow.internal", 80, SOON, hanging).subscribe(this::take);
        asking.await();
        subscription.close();
        release.countDown();
        while (threads("slow.internal") > 0) {
            Thread.onSpinWait();
        }

        assertThat(delivered).isEmpty();
    }

    @Test
    void itMayBeEndedByWhomItDeliversTo() throws Exception {
        CountDownLatch ready = new CountDownLatch(1);
        AutoCloseable[] subscription = new AutoCloseable[1];
        subscription[0] = new DnsSource("own.internal", 80, SOON, new Script("10.0.0.5")).subscribe(snapshot -> {
            try {
                ready.await();
                subscription[0].close();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        ready.countDown();
        while (threads("own.internal") > 0) {
            Thread.onSpinWait();
        }
    }

    private static long threads(String host) {
        return Stream.of(Thread.getAllStackTraces().keySet().toArray(Thread[]::new))
                .filter(thread -> thread.getName().equals("sluice-dns-" + host))
                .count();
    }

    @Test
    void sourcesOfTheSameQuestionAreEqualSoThatRoutesCanShareThem() {
        UpstreamSource one = UpstreamSource.dns("web.internal", 80, Duration.ofSeconds(5));

        assertThat(UpstreamSource.dns("web.internal", 80, Duration.ofSeconds(5)))
                .isEqualTo(one)
                .hasSameHashCodeAs(one)
                .hasToString("dns web.internal:80");
        assertThat(UpstreamSource.dns("web.internal", 81, Duration.ofSeconds(5)))
                .isNotEqualTo(one);
        Upstreams group = Upstreams.from(one);
        assertThat(group.named("web")).isEqualTo(group.named("web")).hasToString("web dns web.internal:80");
        assertThat(group.select(UpstreamSelector.random()).source()).isSameAs(one);
        assertThat(group.select(group.selector()))
                .isNotEqualTo(Upstreams.of(List.of()).select(group.selector()));
    }

    @Test
    void whatIsWrongWithItIsSaidAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpstreamSource.dns("web.internal", 0, SOON))
                .withMessageContaining("out of range; use 1 to 65535");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> UpstreamSource.dns("web.internal", 80, Duration.ofSeconds(-1)))
                .withMessage("dns web.internal:80: every PT-1S is negative; use zero to switch it off");
        assertThat(UpstreamSource.dns("::1", 80, SOON)).hasToString("dns [::1]:80");
    }
}
