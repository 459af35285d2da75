package dev.sluice.examples.fault;

import static dev.sluice.FaultRule.toClient;
import static dev.sluice.FaultRule.toUpstream;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.fault.Fault;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

/**
 * The JDK's HTTP client, and a web server that is slow, silent or gone.
 *
 * <p>What is learnt: {@code connectTimeout} is for a host that does not answer; one that answers and whose server
 * does not accept has the request's {@code timeout} alone. That one is over when the headers are there (up to JDK
 * 25): a body may take as long as it likes. A body that is shorter than announced is an error, whether its connection
 * was closed or reset. A connection that goes down as it is used again costs nothing with GET, which is sent again on
 * a new one, unless the answer has begun; a POST fails, since it may have been done.
 */
@Timeout(60)
class HttpClientFaultsTest {
    @AutoClose
    private final HttpOrigin origin = new HttpOrigin();

    @AutoClose
    private final ProxyServer proxy =
            ProxyServer.start(Route.tcp("web").listen("127.0.0.1", 0).to(origin.address()));

    private final RunningRoute web = proxy.route("web");
    private final HttpClient client = HttpClient.newHttpClient();

    private HttpRequest.Builder page() {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + web.port() + "/"));
    }

    private int get() throws IOException, InterruptedException {
        return client.send(page().build(), BodyHandlers.ofByteArray()).body().length;
    }

    private int post() throws IOException, InterruptedException {
        HttpRequest request = page().POST(BodyPublishers.ofString("one more")).build();
        return client.send(request, BodyHandlers.ofByteArray()).body().length;
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    @Test
    void theRequestTimeoutEndsTheWaitForAnAnswer() {
        HttpRequest impatient = page().timeout(ofMillis(300)).build();
        web.faults().toClient(Fault.latency(ofSeconds(50)));
        long begun = System.nanoTime();

        assertThatThrownBy(() -> client.send(impatient, BodyHandlers.discarding()))
                .isExactlyInstanceOf(HttpTimeoutException.class);
        assertThat(since(begun)).isGreaterThanOrEqualTo(ofMillis(300));
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_25)
    void theRequestTimeoutIsOverWhenTheBodyBegins() throws Exception {
        HttpRequest impatient = page().timeout(ofSeconds(2)).build();
        web.faults().toClient(Fault.slice(500), Fault.bandwidth(HttpOrigin.PAGE / 3));
        long begun = System.nanoTime();

        HttpResponse<byte[]> response = client.send(impatient, BodyHandlers.ofByteArray());

        assertThat(response.body()).hasSize(HttpOrigin.PAGE);
        assertThat(since(begun)).isGreaterThan(ofSeconds(2));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theConnectTimeoutEndsTheWaitForAServerThatIsSilent() {
        HttpClient impatient =
                HttpClient.newBuilder().connectTimeout(ofMillis(300)).build();
        web.faults().listening(Fault.unresponsive());

        assertThatThrownBy(() -> impatient.send(page().build(), BodyHandlers.discarding()))
                .isInstanceOf(HttpConnectTimeoutException.class);
    }

    @Test
    void theConnectTimeoutDoesNotEndTheWaitForAServerThatDoesNotAccept() {
        HttpClient impatient =
                HttpClient.newBuilder().connectTimeout(ofSeconds(1)).build();
        web.faults().listening(Fault.pauseAccepting());

        assertThatThrownBy(() -> impatient.send(page().timeout(ofSeconds(2)).build(), BodyHandlers.discarding()))
                .isExactlyInstanceOf(HttpTimeoutException.class);
    }

    @Test
    void anAnswerThatIsCutShortIsAnError() {
        web.faults().toClient(Fault.limit(1_000));

        assertThatThrownBy(this::get).isInstanceOf(IOException.class).hasMessageContaining("fixed content-length");
    }

    @Test
    void soIsOneWhoseConnectionIsReset() {
        web.faults().toClient(Fault.resetAfter(1_000));

        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
    }

    /** As when the server closes an idle connection at the moment in which the client uses it again. */
    @Test
    void aGetIsSentAgainIfItsConnectionWasClosed() throws Exception {
        get();
        web.faults().apply(toUpstream(Fault.limit(1)).liveFlows());

        assertThat(get()).isEqualTo(HttpOrigin.PAGE);
        assertThat(web.metrics().opened()).isEqualTo(2);
    }

    @Test
    void aGetIsSentAgainIfItsConnectionWasReset() throws Exception {
        get();
        web.faults().apply(toUpstream(Fault.resetAfter(1)).liveFlows());

        assertThat(get()).isEqualTo(HttpOrigin.PAGE);
        assertThat(web.metrics().opened()).isEqualTo(2);
    }

    @Test
    void aGetIsNotSentAgainIfItsAnswerHasBegun() throws Exception {
        get();
        web.faults().apply(toClient(Fault.resetAfter(1)).liveFlows());

        assertThatThrownBy(this::get).isInstanceOf(IOException.class);
        assertThat(origin.requests()).containsExactly("GET", "GET");
    }

    @Test
    void aPostIsNotSentAgain() throws Exception {
        get();
        web.faults().apply(toUpstream(Fault.resetAfter(1)).liveFlows());

        assertThatThrownBy(this::post).isInstanceOf(IOException.class);
        assertThat(post()).isEqualTo(HttpOrigin.PAGE);
        assertThat(origin.requests()).containsExactly("GET", "POST");
    }

    @Test
    void aServerThatIsBackIsUsedAgain() throws Exception {
        get();

        web.down();
        assertThatThrownBy(this::get).isInstanceOf(ConnectException.class);

        web.up();
        assertThat(get()).isEqualTo(HttpOrigin.PAGE);
    }
}
