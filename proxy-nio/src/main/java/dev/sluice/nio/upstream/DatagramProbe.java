package dev.sluice.nio.upstream;

import dev.sluice.HealthCheck;
import dev.sluice.nio.socket.HostFailures;
import dev.sluice.nio.worker.Worker;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a datagram and looks for something in the first that comes back.
 *
 * <p>Thread: worker.
 */
final class DatagramProbe implements Probe {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramProbe.class);
    private static final int LONGEST = 65_536;

    private final Worker worker;
    private final Verdict verdict;
    private final byte[] send;
    private final Search answer;
    private SelectionKey key;

    DatagramProbe(Worker worker, HealthCheck check, Verdict verdict) {
        this.worker = worker;
        this.verdict = verdict;
        this.send = check.send();
        this.answer = new Search(check.expect());
    }

    @Override
    public void begin(InetSocketAddress upstream) {
        DatagramChannel channel;
        try {
            channel = worker.sockets().openDatagram(upstream.getAddress(), LONGEST);
        } catch (IOException noDescriptor) {
            verdict.undecided();
            return;
        } catch (UnsupportedOperationException noSuchFamily) {
            verdict.failed("this host has no addresses of that family");
            return;
        }
        try {
            channel.connect(upstream);
            key = worker.loop().register(channel, SelectionKey.OP_READ, this);
            channel.write(ByteBuffer.wrap(send));
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
        ByteBuffer datagram = worker.buffers().scratch(LONGEST);
        int count;
        try {
            count = ((DatagramChannel) key.channel()).read(datagram);
        } catch (IOException e) {
            abandon();
            verdict.failed(e instanceof PortUnreachableException ? "Port unreachable" : String.valueOf(e.getMessage()));
            return;
        }
        // Nothing there is 0; an empty datagram is what looks like an end of stream.
        if (count == 0) {
            return;
        }
        abandon();
        answer.restart();
        if (answer.findIn(datagram.flip())) {
            verdict.passed();
        } else {
            verdict.failed("the answer, of " + Math.max(0, count) + " bytes, is not what is expected");
        }
    }

    @Override
    public void onFailure(Throwable failure) {
        LOG.error("A check failed unexpectedly", failure);
        abandon();
        verdict.undecided();
    }

    @Override
    public void abandon() {
        if (key != null) {
            worker.loop().close(key);
            key = null;
        }
    }
}
