package dev.sluice.benchmarks.upstream;

import dev.sluice.benchmarks.process.ChildJvm;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The upstream while it runs: one process for all contenders, so that none has a better one. */
public final class UpstreamProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final Map<Service, Integer> ports = new EnumMap<>(Service.class);

    private UpstreamProcess(Process process) throws IOException {
        this.process = process;
        this.answers = process.inputReader(StandardCharsets.US_ASCII);
        for (int i = 0; i < Service.values().length; i++) {
            String[] words = String.valueOf(answers.readLine()).split(" ");
            if (words.length != 2) {
                process.destroy();
                throw new IOException("the upstream did not start");
            }
            ports.put(Service.valueOf(words[0]), Integer.parseInt(words[1]));
        }
    }

    public static UpstreamProcess start() throws IOException {
        return new UpstreamProcess(ChildJvm.start(UpstreamProgram.class.getName(), List.of()));
    }

    public InetSocketAddress address(Service service) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get(service));
    }

    /** How many datagrams the sink has received since the start. */
    public long received() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().flush();
            String answer = answers.readLine();
            if (answer == null) {
                throw new EOFException("the upstream has ended; what it had to say is on standard error");
            }
            return Long.parseLong(answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        process.onExit().join();
    }
}
