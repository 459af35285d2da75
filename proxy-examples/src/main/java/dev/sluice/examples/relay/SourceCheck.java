package dev.sluice.examples.relay;

import dev.sluice.SourceAddress;
import dev.sluice.Upstream;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code check} command: finds out what a route with another source would lack here. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = "java -jar relay.jar check --source SOURCE --upstream HOST:PORT [--client ADDRESS]",
        description = "Finds out, one by one, whether this host has what a TCP route with option source needs,"
                + " and says what mends what is missing. Exit status: 0 if nothing is, else 1.")
final class SourceCheck implements Callable<Integer> {
    private static final int PORT = 54_321;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--source",
            required = true,
            paramLabel = "SOURCE",
            description = "client, client-port, or an address of this host: as in a route's option source.")
    private String source;

    @Option(
            names = "--upstream",
            required = true,
            paramLabel = "HOST:PORT",
            description = "An upstream of the route, to which a trial connection is made.")
    private String upstream;

    @Option(
            names = "--client",
            paramLabel = "ADDRESS",
            description = "The address of a client to come, which the upstream is to see. Default: 192.0.2.1, or"
                    + " 2001:db8::1 for an upstream that has IPv6 addresses alone; nobody has either.")
    private String client;

    @Override
    public Integer call() throws IOException {
        List<Finding> findings = prerequisites().find();
        findings.forEach(System.out::println);
        return findings.stream().allMatch(Finding::isGood) ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    private Prerequisites prerequisites() throws IOException {
        try {
            SourceAddress address = SourceOptions.source(source);
            if (address.equals(SourceAddress.proxy())) {
                throw new IllegalArgumentException("--source proxy needs nothing that could be missing");
            }
            Upstream target = Upstream.of(upstream);
            List<InetAddress> hosts = List.of(InetAddress.getAllByName(target.host()));
            InetAddress own = client(client == null ? nobody(hosts) : client);
            InetAddress host = hosts.stream()
                    .filter(each -> each.getClass() == own.getClass())
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException("\"" + upstream + "\" has no address of the client's family"));
            return new Prerequisites(
                    address, new InetSocketAddress(own, PORT), new InetSocketAddress(host, target.port()));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private static InetAddress client(String text) {
        try {
            return SourceAddress.fixed(text).address();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--client \"" + text + "\" is no address; write one without a port", e);
        }
    }

    /** An address that RFC 5737 or RFC 3849 sets apart for documents. */
    private static String nobody(List<InetAddress> hosts) {
        return hosts.stream().anyMatch(Inet4Address.class::isInstance) ? "192.0.2.1" : "2001:db8::1";
    }
}
