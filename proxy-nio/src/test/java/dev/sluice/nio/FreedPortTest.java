package dev.sluice.nio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Leaving;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.TcpRoute;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A port that a route has left: free when the call returns, not a moment later, and so often enough to tell. */
class FreedPortTest {
    private static final int TIMES = 300;
    /** Where no stranger is, who could get a port as soon as it is free. */
    private static final String HOST = "127.7.7.7";

    private static final String OTHER_HOST = "127.7.7.8";

    @RegisterExtension
    final Testbed bed = new Testbed();

    private interface Binding {
        AutoCloseable bind() throws IOException;
    }

    private static int failures(Binding binding) throws Exception {
        try (AutoCloseable bound = binding.bind()) {
            assertThat(bound).isNotNull();
            return 0;
        } catch (BindException inUse) {
            return 1;
        }
    }

    private static int failures(InetSocketAddress left) throws Exception {
        return failures(() -> new ServerSocket(left.getPort(), 1, left.getAddress()));
    }

    private static TcpRoute web(String host) {
        return Route.tcp("web").listen(host, 0).to("127.0.0.1:9");
    }

    private StartedProxy started(int workers) {
        return bed.start(builder -> builder.workers(workers));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRemovedRoutesPortIsFree(int workers) throws Exception {
        StartedProxy proxy = started(workers);
        int stillBound = 0;

        for (int i = 0; i < TIMES; i++) {
            InetSocketAddress left = proxy.server().add(web(HOST)).localAddress();
            proxy.server().remove("web", Leaving.close());
            stillBound += failures(left);
        }

        assertThat(stillBound).as("ports still bound, of %d", TIMES).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRemovedUdpRoutesPortIsFree(int workers) throws Exception {
        StartedProxy proxy = started(workers);
        int stillBound = 0;

        for (int i = 0; i < TIMES; i++) {
            InetSocketAddress left = proxy.server()
                    .add(Route.udp("dns").listen(HOST, 0).to("127.0.0.1:9"))
                    .localAddress();
            proxy.server().remove("dns", Leaving.close());
            stillBound += failures(() -> new DatagramSocket(left));
        }

        assertThat(stillBound).as("ports still bound, of %d", TIMES).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void thePortThatAReplacedRouteHasMovedAwayFromIsFree(int workers) throws Exception {
        StartedProxy proxy = started(workers);
        int stillBound = 0;
        InetSocketAddress left = proxy.server().add(web(HOST)).localAddress();

        for (int i = 0; i < TIMES; i++) {
            RunningRoute moved = proxy.server().replace(web(i % 2 == 0 ? OTHER_HOST : HOST));
            stillBound += failures(left);
            left = moved.localAddress();
        }

        assertThat(stillBound).as("ports still bound, of %d", TIMES).isZero();
    }
}
