package dev.sluice.examples.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One answer of {@code ip route get}: where the kernel would send a packet.
 *
 * @param text what it said
 * @param failed it said why there is no way
 */
record IpRoute(String text, boolean failed) {

    /** Asks about a packet; each word is an argument of its own. */
    static IpRoute get(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("route", "get"));
        command.addAll(List.of(words));
        Answer answer = ask(command);
        return new IpRoute(answer.text().lines().findFirst().orElse("").strip(), answer.status() != 0);
    }

    /** What {@code ip} lists, if anything. */
    static String list(String... words) throws IOException {
        return ask(List.of(words)).text();
    }

    private record Answer(String text, int status) {}

    private static Answer ask(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(words);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            return new Answer(said, process.waitFor());
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while asking " + command);
        }
    }

    /** Whether the packet would be given to this host's own sockets. */
    boolean isLocal() {
        return !failed && text.startsWith("local ");
    }

    /** The word that follows another one. */
    Optional<String> after(String word) {
        List<String> words = List.of(text.split("\\s+"));
        int place = words.indexOf(word);
        return place < 0 || place + 1 == words.size() ? Optional.empty() : Optional.of(words.get(place + 1));
    }
}
