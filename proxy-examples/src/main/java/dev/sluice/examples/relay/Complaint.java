package dev.sluice.examples.relay;

import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** What the program says when it was asked wrongly or cannot do its work: one thing, on standard error. */
final class Complaint {
    private static final String EXAMPLE =
            "example: java -jar relay.jar --stats 2s '8080=10.0.0.5:80,10.0.0.6:80?connect=2s' udp:5300=9.9.9.9:53";

    private Complaint() {}

    /** Tells what is wrong with the arguments. Returns the exit status. */
    static int wrongArgument(ParameterException e, String[] arguments) {
        System.err.println("relay: " + e.getMessage());
        System.err.println(EXAMPLE);
        return ExitCode.USAGE;
    }

    /** Tells why the work could not be done. Returns the exit status. */
    static int failure(Exception e, CommandLine command, ParseResult arguments) {
        if (e instanceof UncheckedIOException) {
            System.err.println("relay: " + e.getMessage());
        } else {
            // Nothing that was foreseen: where it came from is what helps.
            e.printStackTrace();
        }
        return ExitCode.SOFTWARE;
    }
}
