package dev.sluice.benchmarks.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.Transport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;

/**
 * What all relay programs have in common: {@code tcp|udp UPSTREAM_HOST:PORT} as arguments, {@code listening PORT} on
 * standard output, then one answer to each line on standard input until that ends.
 */
final class RelayProgram {
    private RelayProgram() {}

    static void run(List<String> arguments, RelayStarter starter) {
        try {
            serve(arguments, starter);
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void serve(List<String> arguments, RelayStarter starter) throws Exception {
        if (arguments.size() != 2) {
            throw new IllegalArgumentException("expected: tcp|udp UPSTREAM_HOST:PORT, but was " + arguments);
        }
        Transport transport = Transport.valueOf(arguments.get(0).toUpperCase(Locale.ROOT));
        say("listening " + starter.start(transport, upstream(arguments.get(1))));

        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String command = commands.readLine(); command != null; command = commands.readLine()) {
            say(answer(command));
        }
    }

    private static InetSocketAddress upstream(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private static String answer(String command) throws IOException {
        return switch (command) {
            case "heap" -> Long.toString(liveHeap());
            case "jit" -> Long.toString(ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
            default -> throw new IOException("no such command: " + command);
        };
    }

    private static long liveHeap() {
        // The second collection takes what the first one only made reachable no longer.
        System.gc();
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }
}
