package dev.sluice.examples.relay;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The relay program: routes from the command line, until it is told to stop. */
@Command(
        name = "relay",
        subcommands = {Demo.class, SourceCheck.class},
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = Help.SYNOPSIS,
        description = "Relays TCP connections and UDP datagrams until it is told to stop.%n",
        footer = Help.ROUTE_OPTIONS)
final class Relay implements Callable<Integer> {
    private static final Duration OFTENEST = Duration.ofMillis(100);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ROUTE", arity = "0..*", description = Help.ROUTE)
    private List<String> routes = new ArrayList<>();

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "0",
            description = "Worker threads. Default: as many as processors up to 4, but 1 where there are fewer than 3.")
    private int workers;

    @Option(
            names = "--max-connections",
            paramLabel = "N",
            defaultValue = "0",
            description = "Connections and sessions of all routes at once. Default: no bound but those of the routes.")
    private int maxConnections;

    @Option(
            names = "--drain",
            paramLabel = "DURATION",
            defaultValue = "5s",
            description = "How long flows have to end by themselves at SIGTERM or Ctrl-C. Default: ${DEFAULT-VALUE}.")
    private Duration drain;

    @Option(
            names = "--stats",
            paramLabel = "DURATION",
            defaultValue = "0",
            description =
                    "Tells again and again, every 100ms or less often, what the routes do: in a table on a terminal,"
                            + " else in a line for each that begins with the time.")
    private Duration stats;

    /** Runs the program; its exit status is 0, 1 if it could not do its work, or 2 if it was asked wrongly. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Relay())
                .registerConverter(Duration.class, Relay::duration)
                .setParameterExceptionHandler(Complaint::wrongArgument)
                .setExecutionExceptionHandler(Complaint::failure)
                .execute(arguments));
    }

    private static Duration duration(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintStream out = System.out;
        ProxyServer server = start();
        StatsView view = StatsView.on(Ansi.AUTO.enabled(), Optional.ofNullable(System.getenv("TERM")));
        Stats watch = new Stats(server, view, out);
        new Drain(server, drain, out).onSignal(watch::stop);
        server.routes().forEach(route -> {
            out.println(Listening.line(route));
            Listening.faults(route).forEach(out::println);
        });
        out.println("ready");
        out.flush();
        if (!stats.isZero()) {
            watch.every(stats);
        }
        server.awaitTermination();
        return CommandLine.ExitCode.OK;
    }

    private ProxyServer start() {
        if (!stats.isZero() && stats.compareTo(OFTENEST) < 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--stats " + DurationText.of(stats) + " is too often; use " + DurationText.of(OFTENEST)
                            + " or more, or 0 for none");
        }
        if (routes.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "no route; write LISTEN=UPSTREAM, or demo to see one");
        }
        try {
            Route[] each = RouteArguments.routes(routes).toArray(Route[]::new);
            return ProxyServer.builder()
                    .workers(workers)
                    .maxConnections(maxConnections)
                    .start(each);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
