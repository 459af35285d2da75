package dev.sluice.examples.relay;

import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/** What the program says when it was asked wrongly or cannot do its work: one thing, on standard error. */
final class Wrong {
    private static final String EXAMPLE =
            "example: java -jar relay.jar --stats 2s '8080=10.0.0.5:80,10.0.0.6:80?connect=2s' udp:5300=9.9.9.9:53";

    private Wrong() {}

    /** Has a command line read durations as this program writes them, and say what is wrong as it does. */
    static CommandLine handledBy(CommandLine command) {
        return command.registerConverter(java.time.Duration.class, Wrong::duration)
                .setParameterExceptionHandler(Wrong::argument)
                .setExecutionExceptionHandler(Wrong::execution);
    }

    private static java.time.Duration duration(String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    private static int argument(ParameterException e, String[] arguments) {
        System.err.println("relay: " + e.getMessage());
        System.err.println(EXAMPLE);
        return ExitCode.USAGE;
    }

    private static int execution(Exception e, CommandLine command, ParseResult arguments) {
        String what =
                e instanceof UncheckedIOException || e instanceof IllegalStateException ? e.getMessage() : e.toString();
        System.err.println("relay: " + what);
        return ExitCode.SOFTWARE;
    }
}
