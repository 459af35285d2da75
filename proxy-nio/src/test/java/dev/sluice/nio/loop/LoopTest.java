package dev.sluice.nio.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.nio.testkit.Await;
import dev.sluice.nio.testkit.ChildJvm;
import dev.sluice.nio.testkit.Family;
import dev.sluice.nio.testkit.UdpPeer;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.spi.SelectorProvider;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A loop goes on for all that live on it, whatever one of them throws. */
class LoopTest {

    /** A loop on a thread of its own, with a clock that can be broken. */
    private static final class Turning implements AutoCloseable {
        private final AtomicReference<Error> brokenClock = new AtomicReference<>();
        private final Loop loop;
        private final Thread thread;

        Turning() throws IOException {
            loop = new Loop(SelectorProvider.provider(), this::nanos);
            thread = new Thread(loop::run, "loop-under-test");
            thread.setDaemon(true);
            thread.start();
        }

        private long nanos() {
            Error broken = brokenClock.getAndSet(null);
            if (broken != null) {
                throw broken;
            }
            return System.nanoTime();
        }

        /** A task, a timer and a key are served. */
        void expectGoesOn() throws Exception {
            CompletableFuture<Void> task = new CompletableFuture<>();
            loop.submit(() -> task.complete(null));
            Await.result(task);
            CompletableFuture<Void> timer = new CompletableFuture<>();
            loop.submit(() -> loop.timers().arm(new Timer(() -> timer.complete(null)), loop.now()));
            Await.result(timer);
            try (Mailbox mailbox = new Mailbox(this, new Reader())) {
                mailbox.send();
                Await.until("the datagram was read", () -> ((Reader) mailbox.handler).read.get() == 1);
            }
        }

        @Override
        public void close() {
            loop.stop();
            Await.until("it has ended", () -> !thread.isAlive());
        }
    }

    /** A socket on the loop, and somebody who sends to it. */
    private static final class Mailbox implements AutoCloseable {
        private final DatagramChannel channel = DatagramChannel.open();
        private final Loop.Handler handler;

        Mailbox(Turning turning, Loop.Handler handler) throws Exception {
            this.handler = handler;
            channel.bind(Family.IPV4.socketAddress(0)).configureBlocking(false);
            if (handler instanceof Reader reader) {
                reader.channel = channel;
            }
            CompletableFuture<SelectionKey> key = new CompletableFuture<>();
            turning.loop.submit(() -> {
                try {
                    key.complete(turning.loop.register(channel, SelectionKey.OP_READ, handler));
                } catch (IOException e) {
                    key.completeExceptionally(e);
                }
            });
            Await.result(key);
        }

        void send() throws IOException {
            try (UdpPeer sender = UdpPeer.open(Family.IPV4)) {
                sender.send((InetSocketAddress) channel.getLocalAddress(), "hello");
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private static final class Reader implements Loop.Handler {
        private final AtomicInteger read = new AtomicInteger();
        private volatile DatagramChannel channel;

        @Override
        public void onReady(int readyOps) throws IOException {
            if (channel.receive(ByteBuffer.allocate(100)) != null) {
                read.incrementAndGet();
            }
        }

        @Override
        public void onFailure(Throwable failure) {
            throw new AssertionError("a datagram can be read", failure);
        }
    }

    /** Fails each time that it is called, for whatever reason. */
    private static final class Failing implements Loop.Handler {
        private final AtomicInteger failures = new AtomicInteger();
        private final Error error;

        Failing(Error error) {
            this.error = error;
        }

        @Override
        public void onReady(int readyOps) {
            throw error;
        }

        @Override
        public void onFailure(Throwable failure) {
            failures.incrementAndGet();
            throw error;
        }
    }

    private static void failAsATask(Turning turning, Error error) {
        turning.loop.submit(() -> {
            throw error;
        });
    }

    private static void failAsATimer(Turning turning, Error error) {
        Timer failing = new Timer(() -> {
            throw error;
        });
        turning.loop.submit(() -> turning.loop.timers().arm(failing, turning.loop.now()));
    }

    /** Ready until it is closed, it fails in each turn meanwhile. */
    private static Mailbox failAsAHandler(Turning turning, Error error) throws Exception {
        Failing handler = new Failing(error);
        Mailbox mailbox = new Mailbox(turning, handler);
        mailbox.send();
        Await.until("it has failed", () -> handler.failures.get() > 1);
        return mailbox;
    }

    @Test
    void anErrorInATaskHoldsUpNoOther() throws Exception {
        try (Turning turning = new Turning()) {
            failAsATask(turning, new OutOfMemoryError("on purpose"));
            turning.expectGoesOn();
        }
    }

    @Test
    void anErrorInATimerHoldsUpNoOther() throws Exception {
        try (Turning turning = new Turning()) {
            failAsATimer(turning, new OutOfMemoryError("on purpose"));
            turning.expectGoesOn();
        }
    }

    @Test
    void aHandlerThatCannotEvenFailHoldsUpNoOther() throws Exception {
        try (Turning turning = new Turning();
                Mailbox failing = failAsAHandler(turning, new OutOfMemoryError("on purpose"))) {
            turning.expectGoesOn();
            assertThat(((Failing) failing.handler).failures.get()).isGreaterThan(1);
        }
    }

    @Test
    void anErrorOutsideOfAllThatLiveOnTheLoopEndsATurnAtMost() throws Exception {
        try (Turning turning = new Turning()) {
            turning.brokenClock.set(new OutOfMemoryError("on purpose"));
            turning.loop.submit(() -> turning.loop.timers().arm(new Timer(() -> {}), 0));
            Await.until("the clock was read", () -> turning.brokenClock.get() == null);
            turning.expectGoesOn();
        }
    }

    /** Where there is no memory, there is none to tell of it. The log of this process is switched off. */
    @Test
    void anErrorThatCannotBeReportedEndsNothingEither() throws Exception {
        try (ChildJvm child = ChildJvm.start(ChildJvm.testClass("error", FailsUnreportably.class))) {
            assertThat(child.awaitLines())
                    .containsExactly("after a task", "after a timer", "after a handler", "after a turn");
        }
    }

    static final class FailsUnreportably {
        private FailsUnreportably() {}

        private static final class Unreportable extends Error {
            private static final long serialVersionUID = 1;

            @Override
            public void printStackTrace(PrintStream stream) {
                throw new OutOfMemoryError("on purpose");
            }
        }

        public static void main(String[] args) throws Exception {
            try (Turning turning = new Turning()) {
                failAsATask(turning, new Unreportable());
                turning.expectGoesOn();
                System.out.println("after a task");
                failAsATimer(turning, new Unreportable());
                turning.expectGoesOn();
                System.out.println("after a timer");
                failAsAHandler(turning, new Unreportable()).close();
                turning.expectGoesOn();
                System.out.println("after a handler");
                turning.brokenClock.set(new Unreportable());
                turning.expectGoesOn();
                System.out.println("after a turn");
            }
        }
    }
}
