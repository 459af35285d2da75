package dev.sluice.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** One end of a TCP connection, client or upstream, moved step by step by a test. Reads have a deadline. */
public final class TcpPeer implements AutoCloseable {
    private static final int CONNECT_MILLIS = 10_000;
    private static final int PIECE = 16 * 1024;
    private static final int MOST_UNTIL_HELD = 16_000_000;

    private final Socket socket;

    TcpPeer(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Await.LONGEST.toMillis());
        socket.setTcpNoDelay(true);
    }

    /** Connects to an address; to be closed by the caller, who may leave that to its test bed. */
    public static TcpPeer connect(InetSocketAddress address) throws IOException {
        return connect(address, 0);
    }

    /** Connects with a receive buffer of about so many bytes; zero leaves that to the kernel. */
    public static TcpPeer connect(InetSocketAddress address, int receiveBuffer) throws IOException {
        Socket socket = SocketChannel.open().socket();
        try {
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(address, CONNECT_MILLIS);
            return new TcpPeer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Connects from one of this host's addresses. */
    public static TcpPeer connectFrom(String local, InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        try {
            socket.bind(new InetSocketAddress(local, 0));
            socket.connect(address, CONNECT_MILLIS);
            return new TcpPeer(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    public Socket socket() {
        return socket;
    }

    public InputStream in() throws IOException {
        return socket.getInputStream();
    }

    public OutputStream out() throws IOException {
        return socket.getOutputStream();
    }

    public TcpPeer send(String text) throws IOException {
        out().write(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Sends from a {@link Payload} until nothing more is taken, by the kernel or by whoever reads from it. */
    public Payload fill(long seed) throws IOException {
        return fill(seed, () -> true);
    }

    /** Sends until nothing more is taken and the condition holds, which tells that from a busy host. */
    public Payload fill(long seed, BooleanSupplier full) throws IOException {
        SocketChannel channel = socket.getChannel();
        channel.configureBlocking(false);
        try {
            return Payload.fill(channel, seed, full);
        } finally {
            channel.configureBlocking(true);
        }
    }

    /**
     * Sends a {@link Payload} piece after piece, each once the one before has been passed on, until one is held by the
     * proxy.
     *
     * @param passed how many bytes the proxy has passed on in this direction
     */
    public byte[] sendUntilHeld(StartedProxy proxy, LongSupplier passed, long seed) throws IOException {
        ByteArrayOutputStream most = new ByteArrayOutputStream();
        Payload.send(most, MOST_UNTIL_HELD, seed);
        byte[] all = most.toByteArray();
        int count = 0;
        while (proxy.server().metrics().bufferBytesHeld() == 0) {
            assertThat(count + PIECE).as("bytes before the reader stalls").isLessThan(all.length);
            out().write(all, count, PIECE);
            count += PIECE;
            long total = count;
            Await.until(
                    "the piece is passed on or held",
                    () -> passed.getAsLong() == total
                            || proxy.server().metrics().bufferBytesHeld() > 0);
        }
        return Arrays.copyOf(all, count);
    }

    /** Reads just this text, however many reads it takes. */
    public TcpPeer expect(String text) throws IOException {
        byte[] expected = text.getBytes(StandardCharsets.UTF_8);
        assertThat(new String(in().readNBytes(expected.length), StandardCharsets.UTF_8))
                .isEqualTo(text);
        return this;
    }

    /** Receives up to the next line feed, and answers what is before it; what there is if the stream ends first. */
    public String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in().read(); next >= 0 && next != '\n'; next = in().read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    /** Ends the stream to the other side, and goes on listening. */
    public TcpPeer endStream() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** The other side has ended its stream, and sent nothing more before. */
    public TcpPeer expectEnd() throws IOException {
        assertThat(in().read()).as("end of stream").isEqualTo(-1);
        return this;
    }

    /** The other side has reset the connection, and sent nothing more before. */
    public TcpPeer expectReset() {
        assertThatThrownBy(() -> {
                    int read = in().read();
                    throw new AssertionError(read < 0 ? "end of stream" : "read a byte: " + read);
                })
                .as("what comes in place of a reset")
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        return this;
    }

    /** The other side sends so much of a {@link Payload}, and then resets the connection. */
    public Payload receiveUntilReset() throws IOException {
        Payload received = Payload.receiveUntilReset(in());
        expectReset();
        return received;
    }

    /** Closes with a reset, which also throws away what has not been sent yet. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
