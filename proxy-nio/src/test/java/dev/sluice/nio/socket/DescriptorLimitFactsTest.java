package dev.sluice.nio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Closeable;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What fails, and how, in a process that has no descriptors left: seen from outside, in a process of its own. */
@EnabledOnOs(OS.LINUX)
@Timeout(30)
final class DescriptorLimitFactsTest {

    private static final int LIMIT = 60;

    @Test
    void aProcessWithoutDescriptorsKeepsItsBacklogReadableAndRecovers() throws Exception {
        assertThat(outputOfStarvedProcess())
                .containsExactly(
                        "opening a socket: java.net.SocketException: Too many open files",
                        "opening a datagram channel: java.net.SocketException: Too many open files",
                        "opening a selector: java.io.IOException: Too many open files",
                        "a class not seen before: java.lang.NoClassDefFoundError",
                        "ready: 1",
                        "accepting: java.io.IOException: Too many open files",
                        "ready: 1",
                        "the listener is open: true",
                        "with descriptors again, accepting: a client",
                        "with descriptors again, the class: java.lang.NoClassDefFoundError");
    }

    private static List<String> outputOfStarvedProcess() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String command = "ulimit -n " + LIMIT + " && exec \"$0\" -cp \"$1\" \"$2\"";
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", command, java, classPath().toString(), StarvedProcess.class.getName())
                .redirectErrorStream(true);
        // The kernel's messages in English, and no line about options picked up from the environment.
        builder.environment().keySet().removeIf(name -> name.endsWith("JAVA_OPTIONS") || name.endsWith("TOOL_OPTIONS"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            List<String> lines = process.inputReader().lines().toList();
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return lines;
        } finally {
            process.destroyForcibly();
        }
    }

    /** The directory of the test classes, which the module path may not name. */
    private static Path classPath() throws URISyntaxException {
        String file = StarvedProcess.class.getName().replace('.', '/') + ".class";
        URL url = StarvedProcess.class.getClassLoader().getResource(file);
        Path root = Path.of(url.toURI());
        for (int i = 0; i < Path.of(file).getNameCount(); i++) {
            root = root.getParent();
        }
        return root;
    }

    /** Takes all descriptors, tries everything that needs one, gives some back and tries again. */
    static final class StarvedProcess {

        private StarvedProcess() {}

        public static void main(String[] arguments) throws IOException {
            // On 17 the class that closes channels takes a descriptor when it is initialised: had none been closed
            // before there were none left, none could ever be closed.
            SocketChannel.open().close();
            Selector selector = Selector.open();
            ServerSocketChannel listener = Loopback.listener();
            listener.register(selector, SelectionKey.OP_ACCEPT);
            SocketChannel client = Loopback.socket();
            List<Closeable> hoard = takeAllDescriptors();
            client.connect(listener.getLocalAddress());

            print("opening a socket: ", () -> hoard.add(SocketChannel.open()));
            print("opening a datagram channel: ", () -> hoard.add(DatagramChannel.open()));
            print("opening a selector: ", () -> hoard.add(Selector.open()));
            print("a class not seen before: ", StarvedProcess::newOfClassNotSeenBefore);
            print("ready: ", () -> selector.select(key -> {}, 5_000));
            print("accepting: ", listener::accept);
            print("ready: ", () -> selector.select(key -> {}, 5_000));
            print("the listener is open: ", listener::isOpen);
            for (Closeable hoarded : hoard) {
                hoarded.close();
            }
            print("with descriptors again, accepting: ", () -> listener.accept() == null ? "nobody" : "a client");
            print("with descriptors again, the class: ", StarvedProcess::newOfClassNotSeenBefore);
        }

        private static List<Closeable> takeAllDescriptors() {
            List<Closeable> hoard = new ArrayList<>();
            for (int i = 0; i < LIMIT; i++) {
                try {
                    hoard.add(SocketChannel.open());
                } catch (IOException e) {
                    return hoard;
                }
            }
            throw new AssertionError("the limit on descriptors is not in force");
        }

        private static Object newOfClassNotSeenBefore() {
            return new NotSeenBefore();
        }

        private static void print(String what, Callable<?> attempt) {
            String result;
            try {
                result = String.valueOf(attempt.call());
            } catch (NoClassDefFoundError e) {
                result = e.getClass().getName();
            } catch (Exception e) {
                result = e.toString();
            }
            System.out.println(what + result);
        }
    }

    /** Loaded at its first use, for which a descriptor is needed. */
    static final class NotSeenBefore {}
}
