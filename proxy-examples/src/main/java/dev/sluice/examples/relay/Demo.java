package dev.sluice.examples.relay;

import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the relay at work, with clients and upstreams of its own. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        resourceBundle = "dev.sluice.examples.relay.Help",
        sortOptions = false)
final class Demo implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--stay")
    private boolean stay;

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
