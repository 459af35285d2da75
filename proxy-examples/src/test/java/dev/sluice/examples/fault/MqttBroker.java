package dev.sluice.examples.fault;

import io.moquette.broker.Server;
import io.moquette.broker.config.IConfig;
import io.moquette.broker.config.MemoryConfig;
import java.io.IOException;
import java.net.ServerSocket;
import java.util.Properties;

/** An MQTT broker, Moquette, on a free port, that keeps sessions in memory. */
final class MqttBroker implements AutoCloseable {
    private final Server server = new Server();
    private final int port = freePort();

    MqttBroker() throws IOException {
        Properties settings = new Properties();
        settings.setProperty(IConfig.HOST_PROPERTY_NAME, "127.0.0.1");
        settings.setProperty(IConfig.PORT_PROPERTY_NAME, Integer.toString(port));
        settings.setProperty(IConfig.ALLOW_ANONYMOUS_PROPERTY_NAME, "true");
        settings.setProperty(IConfig.PERSISTENCE_ENABLED_PROPERTY_NAME, "false");
        settings.setProperty(IConfig.ENABLE_TELEMETRY_NAME, "false");
        server.startServer(new MemoryConfig(settings));
    }

    /** With port 0 the broker does not tell reliably which one it got. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** As an upstream is written. */
    String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public void close() {
        server.stopServer();
    }
}
