package dev.sluice.examples.relay;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The relay program: routes from the command line, until it is told to stop. */
@Command(
        name = "relay",
        subcommands = Demo.class,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        resourceBundle = "dev.sluice.examples.relay.Help",
        sortOptions = false)
final class Relay implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--workers", paramLabel = "N", defaultValue = "0")
    private int workers;

    @Option(names = "--drain", paramLabel = "DURATION", defaultValue = "5s")
    private Duration drain;

    @Option(names = "--stats", paramLabel = "DURATION", defaultValue = "0")
    private Duration stats;

    @Parameters(paramLabel = "ROUTE", arity = "0..*")
    private List<String> routes = new ArrayList<>();

    /** Runs the program; its exit status is 0, 1 if it could not do its work, or 2 if it was asked wrongly. */
    public static void main(String[] arguments) {
        System.exit(Wrong.handledBy(new CommandLine(new Relay())).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        ProxyServer server = start();
        boolean terminal = CommandLine.Help.Ansi.AUTO.enabled();
        Stats watch = new Stats(server, terminal ? new StatsTable() : new StatsLines(), out);
        new Drain(server, drain, out).onSignal(watch::stop);
        server.routes().forEach(route -> out.println(Listening.line(route)));
        out.println("ready");
        out.flush();
        if (!stats.isZero()) {
            watch.every(stats);
        }
        server.awaitTermination();
        return CommandLine.ExitCode.OK;
    }

    private ProxyServer start() {
        if (routes.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "no route; write LISTEN=UPSTREAM, or demo to see one at work");
        }
        try {
            return ProxyServer.builder()
                    .workers(workers)
                    .start(RouteArguments.routes(routes).toArray(Route[]::new));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
