package dev.sluice.nio.tcp;

import dev.sluice.CloseReason;
import dev.sluice.Transport;
import dev.sluice.nio.header.HeaderReader;
import dev.sluice.nio.header.ProxyHeader;
import dev.sluice.nio.route.Parties;
import dev.sluice.nio.socket.AddressText;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The header that a connection must begin with. It says who the client is, and so whether it may be here; until it is
 * whole nothing is dialled.
 *
 * <p>Thread: worker.
 */
final class Preface {
    private static final Logger LOG = LoggerFactory.getLogger(Preface.class);

    private Preface() {}

    /** The peer has sent this, or nothing yet if it is null; it is held until all of the header is there. */
    static void onRead(Connection connection, ByteBuffer sent) {
        try {
            ProxyHeader header = sent == null ? null : HeaderReader.read(sent, Transport.TCP);
            if (header != null) {
                onHeader(connection, header);
            }
        } catch (ProtocolException e) {
            refuse(connection, e.getMessage());
        }
    }

    private static void onHeader(Connection connection, ProxyHeader header) {
        Parties known = ((Parties) connection.info()).behind(header);
        if (connection.life().identify(known)) {
            connection.dial();
        } else {
            connection.end(connection.life().lane().refusal());
        }
    }

    /**
     * The peer will send no more. If it has sent nothing at all it was a probe, as balancers make them; else its header
     * is not whole.
     */
    static void onEnd(Connection connection, ByteBuffer sent) {
        if (sent == null) {
            connection.finish(CloseReason.DONE, true);
        } else {
            refuse(connection, "the stream has ended before it was whole");
        }
    }

    private static void refuse(Connection connection, String why) {
        String peer = AddressText.of(connection.info().peer());
        LOG.debug("{}: no PROXY header: {}", peer, why);
        connection.life().lane().refuse(CloseReason.BAD_HEADER, () -> peer + " sent no PROXY header: " + why);
        connection.end(CloseReason.BAD_HEADER);
    }
}
