package dev.sluice.nio.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.buffer.BufferBudget;
import dev.sluice.nio.loop.Clock;
import dev.sluice.nio.socket.Sockets;
import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Questions about names, when there is no thread to answer them, or nobody any more to be answered. */
class NamesTest {
    private static final String NAME = "db.example";
    private static final List<InetAddress> FOUND = List.of(Family.IPV4.address());

    private final Queue<Runnable> lookUps = new ArrayDeque<>();
    private final List<List<InetAddress>> answers = new ArrayList<>();
    private Worker worker;

    @BeforeEach
    void worker() throws IOException {
        worker = new Worker(0, 1, Sockets.system(), Clock.system(), new BufferBudget(1 << 20));
    }

    @AfterEach
    void endWorker() {
        worker.loop().end();
    }

    /** Looks up when the test says so. */
    private Names held() {
        return new Names(host -> FOUND, lookUps::add);
    }

    private void finishLookUps() {
        lookUps.forEach(Runnable::run);
        worker.loop().runOnce();
    }

    static Stream<Throwable> failuresToBegin() {
        return Stream.of(
                new InternalError("no thread to be had"),
                new RejectedExecutionException("closing"),
                new IllegalThreadStateException("on purpose"));
    }

    private static <T extends Throwable> void raise(Throwable failure) throws T {
        @SuppressWarnings("unchecked")
        T unchecked = (T) failure;
        throw unchecked;
    }

    @ParameterizedTest
    @MethodSource("failuresToBegin")
    void withoutAThreadANameIsUnresolvedAndTheNextAskLooksUpAgain(Throwable failure) {
        Queue<Throwable> failures = new ArrayDeque<>(List.of(failure));
        Executor threads = task -> {
            if (!failures.isEmpty()) {
                NamesTest.<RuntimeException>raise(failures.remove());
            }
            task.run();
        };
        Names names = new Names(host -> FOUND, threads);

        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        worker.loop().runOnce();
        assertThat(answers).as("unresolved").containsExactly(List.of());
        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        worker.loop().runOnce();

        assertThat(answers).as("looked up again").containsExactly(List.of(), FOUND);
    }

    @Test
    void whoeverAsksDuringALookUpWaitsForItsAnswer() {
        Names names = held();

        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        assertThat(lookUps).hasSize(1);
        finishLookUps();

        assertThat(answers).containsExactly(FOUND, FOUND);
    }

    @Test
    void aCancelledQueryGetsNoAnswerAndTheOthersGetTheirs() {
        Names names = held();
        List<List<InetAddress>> cancelled = new ArrayList<>();

        Names.Query query = names.resolve(NAME, worker, cancelled::add, NamesTest::raise);
        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        query.cancel();
        finishLookUps();

        assertThat(cancelled).isEmpty();
        assertThat(answers).containsExactly(FOUND);
        query.cancel();
    }

    @Test
    void whoeverAsksAfterAllHaveCancelledWaitsForTheSameLookUp() {
        Names names = held();

        names.resolve(NAME, worker, answers::add, NamesTest::raise).cancel();
        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        assertThat(lookUps).hasSize(1);
        finishLookUps();

        assertThat(answers).containsExactly(FOUND);
    }

    @Test
    void aCancelledQueryWhoseLookUpNeverReturnsHoldsOnToNobody() {
        Names names = held();

        WeakReference<Object> asker = askAndCancel(names);

        Await.until("nothing holds on to who asked", () -> {
            System.gc();
            return asker.refersTo(null);
        });
        finishLookUps();
    }

    private WeakReference<Object> askAndCancel(Names names) {
        List<List<InetAddress>> asker = new ArrayList<>();
        names.resolve(NAME, worker, asker::add, NamesTest::raise).cancel();
        return new WeakReference<>(asker);
    }

    @Test
    void whatAnAnswerThrowsIsToldToWhoAskedAndTheNextIsAnsweredAllTheSame() {
        Names names = held();
        List<Throwable> failures = new ArrayList<>();
        RuntimeException failure = new IllegalStateException("on purpose");

        names.resolve(NAME, worker, found -> raise(failure), failures::add);
        names.resolve(NAME, worker, answers::add, NamesTest::raise);
        finishLookUps();

        assertThat(failures).containsExactly(failure);
        assertThat(answers).containsExactly(FOUND);
    }
}
