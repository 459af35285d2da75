package dev.sluice.examples;

import dev.sluice.HealthCheck;
import dev.sluice.Route;
import dev.sluice.UpstreamSelector;
import dev.sluice.UpstreamSource;
import dev.sluice.Upstreams;
import java.time.Duration;
import java.util.Map;

/**
 * What an {@link Edge} is told by its environment: {@code UPSTREAM_HOST}, a name each address of which is an upstream,
 * and, where they are not as usual, {@code UPSTREAM_PORT} (80), {@code LISTEN_PORT} (8080), {@code READY_PORT} (8081),
 * {@code NOTICE_SECONDS} (10) and {@code DRAIN_SECONDS} (30).
 *
 * @param notice how long it serves new clients though it is no longer ready
 * @param drain how long the last clients then have to end
 */
public record EdgeSettings(Route route, int readyPort, Duration notice, Duration drain) {
    private static final Duration ASK_EVERY = Duration.ofSeconds(5);

    public static EdgeSettings of(Map<String, String> environment) {
        String host = environment.get("UPSTREAM_HOST");
        if (host == null) {
            throw new IllegalArgumentException("UPSTREAM_HOST is not set; use the name of a headless Service");
        }
        Upstreams group = Upstreams.from(UpstreamSource.dns(host, number(environment, "UPSTREAM_PORT", 80), ASK_EVERY))
                .select(UpstreamSelector.maglev())
                .check(HealthCheck.connect());
        return new EdgeSettings(
                Route.tcp("edge")
                        .listen(number(environment, "LISTEN_PORT", 8080))
                        .to(group),
                number(environment, "READY_PORT", 8081),
                Duration.ofSeconds(number(environment, "NOTICE_SECONDS", 10)),
                Duration.ofSeconds(number(environment, "DRAIN_SECONDS", 30)));
    }

    private static int number(Map<String, String> environment, String name, int usual) {
        String text = environment.getOrDefault(name, Integer.toString(usual));
        if (!text.matches("\\d{1,9}")) {
            throw new IllegalArgumentException(name + " \"" + text + "\" is not a number; leave it out for " + usual);
        }
        return Integer.parseInt(text);
    }
}
