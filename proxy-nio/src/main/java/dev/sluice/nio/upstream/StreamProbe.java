package dev.sluice.nio.upstream;

import dev.sluice.HealthCheck;
import dev.sluice.nio.socket.HostFailures;
import dev.sluice.nio.socket.StreamOptions;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connects and, where the check wants it, sends something and looks for something in the answer.
 *
 * <p>Thread: worker.
 */
final class StreamProbe implements Probe {
    private static final Logger LOG = LoggerFactory.getLogger(StreamProbe.class);
    private static final int LONGEST_ANSWER = 65_536;
    private static final int READ = 16_384;

    private final Worker worker;
    private final Verdict verdict;
    private final boolean exchanges;
    private final byte[] send;
    private final Search answer;
    private SelectionKey key;
    private ByteBuffer unsent;
    private int received;

    StreamProbe(Worker worker, HealthCheck check, Verdict verdict) {
        this.worker = worker;
        this.verdict = verdict;
        this.exchanges = check.kind() == HealthCheck.Kind.EXCHANGE;
        this.send = check.send();
        this.answer = new Search(check.expect());
    }

    @Override
    public void begin(InetSocketAddress upstream) {
        SocketChannel channel;
        try {
            channel = worker.sockets().openStream(upstream.getAddress(), new StreamOptions(true, 0));
        } catch (IOException noDescriptor) {
            verdict.undecided();
            return;
        } catch (UnsupportedOperationException noSuchFamily) {
            verdict.failed("this host has no addresses of that family");
            return;
        }
        try {
            // An upstream on the same host has answered already, though connect() calls it in progress.
            boolean already = channel.connect(upstream) || channel.finishConnect();
            key = worker.loop().register(channel, already ? 0 : SelectionKey.OP_CONNECT, this);
            if (already) {
                onConnected();
            }
        } catch (IOException | RuntimeException e) {
            if (key == null) {
                worker.closeUnregistered(channel);
            }
            abandon();
            if (HostFailures.isOne(e)) {
                verdict.undecided();
            } else {
                verdict.failed(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public void onReady(int readyOps) {
        try {
            if ((readyOps & SelectionKey.OP_CONNECT) != 0) {
                if (channel().finishConnect()) {
                    onConnected();
                }
                return;
            }
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                write();
            }
            if ((readyOps & SelectionKey.OP_READ) != 0) {
                read();
            }
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.error("A check failed unexpectedly", failure);
        abandon();
        verdict.undecided();
    }

    private void onConnected() throws IOException {
        if (channel().getLocalAddress().equals(channel().getRemoteAddress())) {
            fail("Connection refused");
        } else if (!exchanges) {
            pass();
        } else {
            unsent = ByteBuffer.wrap(send);
            answer.restart();
            received = 0;
            write();
        }
    }

    private void write() throws IOException {
        channel().write(unsent);
        key.interestOps(SelectionKey.OP_READ | (unsent.hasRemaining() ? SelectionKey.OP_WRITE : 0));
    }

    private void read() throws IOException {
        ByteBuffer bytes = worker.buffers().scratch(READ);
        int count = channel().read(bytes);
        if (count < 0) {
            fail("the answer ended without what is expected, after " + received + " bytes");
            return;
        }
        received += count;
        if (count > 0 && answer.findIn(bytes.flip())) {
            pass();
        } else if (received > LONGEST_ANSWER) {
            fail("what is expected is not in the first 64 KiB of the answer");
        }
    }

    private void pass() {
        close(true);
        verdict.passed();
    }

    private void fail(String how) {
        close(false);
        verdict.failed(how);
    }

    @Override
    public void abandon() {
        close(false);
    }

    private void close(boolean orderly) {
        if (key != null) {
            worker.closeStream(key, orderly);
            key = null;
        }
    }

    private SocketChannel channel() {
        return (SocketChannel) key.channel();
    }
}
