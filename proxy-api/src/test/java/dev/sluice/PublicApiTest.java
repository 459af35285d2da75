package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.fault.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The public API is a committed listing, so that a change of it shows in review. {@code -Dsluice.api.update=true}
 * writes it anew.
 */
class PublicApiTest {
    private static final Path COMMITTED = Path.of("src", "test", "resources", "api.txt");

    @Test
    void thePublicApiIsTheCommittedOne() throws Exception {
        List<String> listing = new ApiListing(ProxyServer.class, Fault.class).lines();
        if (Boolean.getBoolean("sluice.api.update")) {
            Files.write(COMMITTED, listing);
        }

        assertThat(listing)
                .as(
                        "the public API differs from %s; if that is meant, run this test with -Dsluice.api.update=true"
                                + " and commit the file",
                        COMMITTED)
                .isEqualTo(Files.readAllLines(COMMITTED));
    }
}
