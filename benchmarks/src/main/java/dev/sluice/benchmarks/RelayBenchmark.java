package dev.sluice.benchmarks;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A request and its answer over one kept connection, straight to an echo server and through a relay. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RelayBenchmark {
    /** Bytes of the request, and of the answer. */
    @Param({"64", "65536"})
    public int bytes;

    private ServerSocket upstream;
    private ProxyServer proxy;
    private SocketChannel direct;
    private SocketChannel relayed;
    private ByteBuffer request;
    private ByteBuffer answer;

    /** Starts the echo server and the relay, and connects to both. */
    @Setup
    public void open() throws IOException {
        upstream = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        Thread accepting = new Thread(this::accept, "echo");
        accepting.setDaemon(true);
        accepting.start();
        proxy = ProxyServer.start(Route.tcp("echo").listen("127.0.0.1", 0).to("127.0.0.1:" + upstream.getLocalPort()));
        direct = connect(upstream.getLocalPort());
        relayed = connect(proxy.route("echo").port());
        request = ByteBuffer.allocateDirect(bytes);
        answer = ByteBuffer.allocateDirect(bytes);
    }

    /** Closes everything. */
    @TearDown
    public void close() throws IOException {
        direct.close();
        relayed.close();
        proxy.close();
        upstream.close();
    }

    /** The limit: no relay between. */
    @Benchmark
    public ByteBuffer direct() throws IOException {
        return exchange(direct);
    }

    /** What a relay adds to it. */
    @Benchmark
    public ByteBuffer relayed() throws IOException {
        return exchange(relayed);
    }

    private ByteBuffer exchange(SocketChannel channel) throws IOException {
        request.clear();
        answer.clear();
        while (request.hasRemaining()) {
            channel.write(request);
        }
        while (answer.hasRemaining()) {
            if (channel.read(answer) < 0) {
                throw new EOFException("the answer was cut off");
            }
        }
        return answer;
    }

    private static SocketChannel connect(int port) throws IOException {
        SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        channel.setOption(java.net.StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = upstream.accept();
                client.setTcpNoDelay(true);
                Thread echoing = new Thread(() -> echo(client), "echo-" + client.getPort());
                echoing.setDaemon(true);
                echoing.start();
            }
        } catch (IOException closed) {
            // The end of the benchmark.
        }
    }

    private static void echo(Socket client) {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException gone) {
            // The end of the benchmark.
        }
    }
}
