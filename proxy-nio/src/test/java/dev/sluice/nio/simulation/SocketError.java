package dev.sluice.nio.simulation;

import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;

/** The errors that Linux keeps on a TCP socket until somebody asks. */
enum SocketError {
    REFUSED,
    UNREACHABLE,
    RESET,
    BROKEN_PIPE;

    IOException onConnect() {
        return switch (this) {
            case REFUSED -> new ConnectException("Connection refused");
            case UNREACHABLE -> new NoRouteToHostException("No route to host");
            case RESET, BROKEN_PIPE -> new SocketException("Connection reset");
        };
    }

    IOException onRead() {
        return new SocketException("Connection reset");
    }

    IOException onWrite() {
        return new IOException(this == RESET ? "Connection reset by peer" : "Broken pipe");
    }
}
