package dev.sluice.nio;

import dev.sluice.FaultRule;
import dev.sluice.Flow;
import dev.sluice.Route;
import dev.sluice.fault.Fault;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.StartedProxy;
import dev.sluice.nio.testkit.Testbed;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a rule leaves behind when it is undone. */
class FaultMemoryTest {
    @RegisterExtension
    final Testbed bed = new Testbed();

    /** Applies a rule with a test of its own, and undoes it; that test. */
    private static WeakReference<Predicate<Flow>> applyAndUndo(StartedProxy proxy) {
        Object own = new Object();
        Predicate<Flow> test = flow -> flow.equals(own);
        FaultRule rule = FaultRule.toClient(Fault.stall()).where(test).during(Duration.ofHours(1));
        proxy.route().faults().apply(rule).close();
        return new WeakReference<>(test);
    }

    @Test
    void nothingIsKeptOfARuleThatIsUndoneBeforeItsTime() throws Exception {
        StartedProxy proxy =
                bed.start(Route.tcp("db").listen("127.0.0.1", 0).to(bed.server().hostPort()));

        WeakReference<Predicate<Flow>> test = applyAndUndo(proxy);

        Await.until("the rule's test is gone", () -> {
            System.gc();
            return test.refersTo(null);
        });
    }
}
