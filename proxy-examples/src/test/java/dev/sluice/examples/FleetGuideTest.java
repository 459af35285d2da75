package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The guide's manifests do not lie: what they give an {@link Edge} it understands, and the times fit. */
class FleetGuideTest {
    private static final Pattern VARIABLE = Pattern.compile("\\{name: ([A-Z_]+), value: \"([^\"]+)\"}");

    private static String guide() throws IOException {
        return Files.readString(Path.of("..", "docs", "fleet.md"));
    }

    private static int number(String guide, String pattern) {
        return Pattern.compile(pattern)
                .matcher(guide)
                .results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> environment() throws IOException {
        return VARIABLE.matcher(guide())
                .results()
                .collect(Collectors.toMap((MatchResult found) -> found.group(1), found -> found.group(2)));
    }

    @Test
    void theEdgeUnderstandsItsEnvironment() throws IOException {
        EdgeSettings settings = EdgeSettings.of(environment());

        assertThat(environment())
                .containsOnlyKeys(
                        "UPSTREAM_HOST",
                        "UPSTREAM_PORT",
                        "LISTEN_PORT",
                        "READY_PORT",
                        "NOTICE_SECONDS",
                        "DRAIN_SECONDS");
        assertThat(settings.route().listen().get(0).getPort())
                .isEqualTo(number(guide(), "name: traffic, containerPort: (\\d+)"));
        assertThat(settings.readyPort()).isEqualTo(number(guide(), "name: ready, containerPort: (\\d+)"));
    }

    @Test
    void theGracePeriodIsLongerThanNoticeAndDrain() throws IOException {
        EdgeSettings settings = EdgeSettings.of(environment());

        assertThat((long) number(guide(), "terminationGracePeriodSeconds: (\\d+)"))
                .isGreaterThan(settings.notice().plus(settings.drain()).toSeconds());
    }

    @Test
    void theProbeGivesUpAfterTheNotice() throws IOException {
        EdgeSettings settings = EdgeSettings.of(environment());

        assertThat((long) number(guide(), "periodSeconds: (\\d+)") * number(guide(), "failureThreshold: (\\d+)"))
                .isGreaterThanOrEqualTo(settings.notice().toSeconds());
    }
}
