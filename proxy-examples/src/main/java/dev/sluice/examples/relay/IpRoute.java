package dev.sluice.examples.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
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
        List<String> command = new ArrayList<>(List.of("ip", "route", "get"));
        command.addAll(List.of(words));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        int status = process.onExit().join().exitValue();
        return new IpRoute(said.lines().findFirst().orElse("").strip(), status != 0);
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
