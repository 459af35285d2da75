package dev.sluice.nio.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.Transport;
import dev.sluice.nio.testkit.RoutedNetwork.Host;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** A proxy on the host between client and upstream of a network, and the programs that use it from the client's. */
public final class ProxyHost {
    private final RoutedNetwork network;
    private final ChildJvm proxy;

    private ProxyHost(RoutedNetwork network, ChildJvm proxy) {
        this.network = network;
        this.proxy = proxy;
    }

    /** Starts a program that says that it is up when it is. */
    public static ProxyHost start(RoutedNetwork network, Class<?> main, String... arguments) throws IOException {
        ChildJvm proxy = network.java(Host.PROXY, program(main, arguments));
        assertThat(proxy.readLine()).isEqualTo("up");
        return new ProxyHost(network, proxy);
    }

    private static List<String> program(Class<?> main, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--add-opens", "java.base/sun.nio.ch=ALL-UNNAMED"));
        all.addAll(ChildJvm.testClass("warn", main, arguments));
        return all;
    }

    /** The next line that the proxy says. */
    public String line() throws IOException {
        return proxy.readLine();
    }

    /** What it has said since, and what its routes have counted. */
    public String counted() {
        try {
            StringBuilder said = new StringBuilder();
            proxy.tell("counts");
            String line = proxy.readLine();
            for (; !line.equals("counted"); line = proxy.readLine()) {
                said.append(line).append('\n');
            }
            return said.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it, and returns what it logged. */
    public String log() {
        proxy.close();
        return proxy.errors();
    }

    /** Has clients served one after the other, and returns what they said. */
    public List<String> serve(Transport transport, String host, int port, int count, boolean keepsPort)
            throws IOException, InterruptedException {
        return network.java(
                        Host.CLIENT,
                        program(
                                EchoClients.class,
                                transport.name(),
                                host,
                                String.valueOf(port),
                                String.valueOf(count),
                                String.valueOf(keepsPort)))
                .awaitLines();
    }

    /** Has as many connections to each of these ports held at once, and returns what their program said. */
    public List<String> hold(String host, int count, String... ports) throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(host, String.valueOf(count)));
        arguments.addAll(List.of(ports));
        return network.java(Host.CLIENT, program(HeldClients.class, arguments.toArray(String[]::new)))
                .awaitLines();
    }
}
