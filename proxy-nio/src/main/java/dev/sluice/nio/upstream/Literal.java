package dev.sluice.nio.upstream;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * Addresses written out, as against names.
 *
 * <p>Thread: any.
 */
public final class Literal {
    private static final Pattern ADDRESS = Pattern.compile("[0-9]+(\\.[0-9]+){3}|.*:.*");

    private Literal() {}

    /** The address, or null if the text is a name. Nothing is looked up: for a literal {@code getByName} is a parser. */
    public static InetAddress address(String host) {
        try {
            return ADDRESS.matcher(host).matches() ? InetAddress.getByName(host) : null;
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + host + "\" is neither an address nor a host name", e);
        }
    }
}
