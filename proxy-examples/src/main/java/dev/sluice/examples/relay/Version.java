package dev.sluice.examples.relay;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says: the jar's own version, and the Java that runs it. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String own = Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("(not from a jar)");
        return new String[] {"sluice relay " + own + ", Java " + Runtime.version()};
    }
}
