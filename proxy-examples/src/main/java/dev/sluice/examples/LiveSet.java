package dev.sluice.examples;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.Upstream;
import dev.sluice.UpstreamMetrics;
import dev.sluice.Upstreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A set of upstreams kept by the application, here as told line by line on standard input, {@code add HOST:PORT},
 * {@code remove HOST:PORT} or {@code list}: {@code LiveSet 8080}. Flows of one that is removed have 30 seconds to end.
 */
public final class LiveSet {
    private LiveSet() {}

    public static void main(String[] args) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
        try (ProxyServer proxy = start(Integer.parseInt(args[0]))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                System.out.println(tell(proxy, line));
            }
        }
    }

    /** Without any upstream yet: clients are refused until there is one. */
    static ProxyServer start(int port) {
        return ProxyServer.start(Route.tcp("web").listen(port).to(Upstreams.of(List.of())));
    }

    /** {@return the set after what the line says, or what is wrong with it} */
    static String tell(ProxyServer proxy, String line) {
        String[] words = line.strip().split("\\s+");
        List<Upstream> members = new ArrayList<>(members(proxy));
        try {
            if (words.length == 2 && words[0].equals("add")) {
                members.add(Upstream.of(words[1]));
                proxy.upstreams("web").update(members);
            } else if (words.length == 2 && words[0].equals("remove")) {
                members.removeIf(each -> each.id().equals(words[1]));
                proxy.upstreams("web").update(members);
            } else if (!line.strip().equals("list")) {
                return "add HOST:PORT, remove HOST:PORT or list";
            }
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
        return members(proxy).stream().map(Upstream::toString).collect(Collectors.joining(" "));
    }

    private static List<Upstream> members(ProxyServer proxy) {
        return proxy.upstreams("web").list().stream()
                .map(UpstreamMetrics::upstream)
                .toList();
    }
}
