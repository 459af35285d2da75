package dev.sluice.nio.socket;

import dev.sluice.SourceAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/**
 * What makes sources, and finds out whether this host and JVM can. Nothing of it is touched before a route asks.
 *
 * <p>Thread: start.
 */
public final class Sources {
    private final boolean isLinux;
    private final SharedPorts ports = new SharedPorts();
    private KernelOptions options;

    Sources(boolean isLinux) {
        this.isLinux = isLinux;
    }

    /**
     * The source that is asked for; null for the host's own choice.
     *
     * @throws IOException with what is missing, and how to mend it
     */
    public Source of(SourceAddress wanted) throws IOException {
        return switch (wanted.kind()) {
            case PROXY -> null;
            case FIXED -> fixed(wanted.address());
            case CLIENT -> new ClientSource(foreign(), ports, false, wanted.portTaken());
            case CLIENT_WITH_PORT -> new ClientSource(foreign(), ports, true, wanted.portTaken());
        };
    }

    /** What a listening socket needs to take connections that are meant for others. */
    public BeforeBind interception() throws IOException {
        KernelOptions permitted = foreign();
        return permitted::transparent;
    }

    private FixedSource fixed(InetAddress own) throws IOException {
        try (DatagramChannel trial = DatagramChannel.open(Sockets.familyOf(own))) {
            trial.bind(new InetSocketAddress(own, 0));
        } catch (UnsupportedOperationException noSuchFamily) {
            throw new IOException("this JVM has no addresses of that family", noSuchFamily);
        } catch (IOException notOurs) {
            String address = own.getHostAddress();
            throw new IOException(
                    address + " is no address of this host (" + notOurs.getMessage()
                            + "); name one that it has, or give it that: ip addr add " + address + " dev INTERFACE",
                    notOurs);
        }
        return new FixedSource(own, isLinux ? options() : null);
    }

    private KernelOptions foreign() throws IOException {
        options().requireCapability();
        return options;
    }

    private KernelOptions options() throws IOException {
        if (options == null) {
            options = KernelOptions.open(isLinux);
        }
        return options;
    }
}
