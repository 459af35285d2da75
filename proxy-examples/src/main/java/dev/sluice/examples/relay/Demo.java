package dev.sluice.examples.relay;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code demo} command: shows the relay at work, with clients and servers of its own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        customSynopsis = "java -jar relay.jar demo [--stay]",
        description = "Shows the relay at work, with clients and servers inside this process.")
final class Demo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stay", description = "Stays up afterwards, and says what to try.")
    private boolean stay;

    /** Returns the exit status: 0, or 1 if anything was lost. */
    @Override
    public Integer call() throws Exception {
        if (!spec.commandLine().getParent().getParseResult().matchedArgs().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "demo takes no other argument than --stay");
        }
        PrintStream out = System.out;
        try (DemoSetting setting = new DemoSetting()) {
            int lost = new DemoRun(setting, out).run();
            if (stay) {
                setting.stay(out);
            }
            return lost == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
        }
    }
}
