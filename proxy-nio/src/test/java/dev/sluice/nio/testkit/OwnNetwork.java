package dev.sluice.nio.testkit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A network of a child process's own, where Linux lets us have one: a loopback interface, and what a script makes of
 * it. It goes with the process.
 */
public final class OwnNetwork {
    private static final List<String> NAMESPACE = List.of("unshare", "--map-root-user", "--net", "sh", "-c");

    private OwnNetwork() {}

    public static boolean isPossible() throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command("true", List.of("true")))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException noSuchProgram) {
            return false;
        }
    }

    /** Starts {@code java} with these arguments in such a network, once a shell has run the script there. */
    public static ChildJvm start(String script, List<String> arguments) throws IOException {
        return ChildJvm.start(command(script, List.of()), arguments);
    }

    /** A script that leaves the host these ports to give away. */
    public static String ephemeralPorts(int first, int last) {
        return "echo '" + first + " " + last + "' > /proc/sys/net/ipv4/ip_local_port_range";
    }

    private static List<String> command(String script, List<String> program) {
        List<String> command = new ArrayList<>(NAMESPACE);
        command.add("ip link set lo up && " + script + " && exec \"$@\"");
        command.add("sh");
        command.addAll(program);
        return command;
    }
}
