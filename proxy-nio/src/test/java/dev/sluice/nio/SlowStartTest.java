package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.Upstreams;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.TcpPeer;
import dev.sluice.nio.testkit.Testbed;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who is new in a group that runs grows to its weight. */
class SlowStartTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    private StartedProxy started(Upstream... members) {
        return bed.start(Route.tcp("web")
                .listen("127.0.0.1", 0)
                .to(Upstreams.of(List.of(members)).slowStart(Duration.ofHours(1))));
    }

    @Test
    void whoJoinsStartsSlowly() throws Exception {
        Upstream well = bed.named("well");
        StartedProxy proxy = started(well);
        proxy.server().upstreams("web").update(List.of(well, bed.named("new")));
        assertSlow(proxy);
    }

    @Test
    void whoIsAtAnotherAddressThanBeforeStartsSlowly() throws Exception {
        Upstream well = bed.named("well");
        Upstream moving = bed.named("here").id("moving");
        StartedProxy proxy = started(well, moving);
        proxy.server().upstreams("web").update(List.of(well, bed.named("there").id("moving")));
        assertSlow(proxy);
    }

    private void assertSlow(StartedProxy proxy) throws Exception {
        for (int i = 0; i < 200; i++) {
            try (TcpPeer client = bed.connect(proxy)) {
                client.in().read();
            }
        }
        // a hundredth of the weight makes it 1 in 101, and 20 or more of 200 a matter of 10^-14
        assertThat(proxy.upstream(1).opened()).isLessThan(20);
    }
}
