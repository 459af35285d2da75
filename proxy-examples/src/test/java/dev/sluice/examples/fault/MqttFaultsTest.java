package dev.sluice.examples.fault;

import static dev.sluice.FaultRule.toClient;
import static dev.sluice.FaultRule.toUpstream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.eclipse.paho.client.mqttv3.MqttException.REASON_CODE_CLIENT_TIMEOUT;
import static org.eclipse.paho.client.mqttv3.MqttException.REASON_CODE_CONNECTION_LOST;

import dev.sluice.ProxyServer;
import dev.sluice.Route;
import dev.sluice.RunningRoute;
import dev.sluice.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * An MQTT client, Paho, whose connection to its broker, Moquette, is interrupted. It keeps its session and connects
 * again by itself ({@code cleanSession} off, {@code automaticReconnect} on).
 *
 * <p>What is learnt: A broker that has gone silent is noticed by the keep-alive, not before its interval is over, and
 * one that resets at once; then the client comes back by itself, to the messages that it has missed. What a quality
 * of service promises shows when a message, or its acknowledgement, is lost together with the connection: 0 loses it,
 * 1 may deliver it twice, 2 delivers it once. (Seen with messages on their way to a subscriber: Moquette 0.17 fails
 * on one that is sent to it again.)
 */
@Timeout(60)
class MqttFaultsTest {
    private static final String TOPIC = "doors/front";

    @AutoClose
    private final MqttBroker broker = new MqttBroker();

    @AutoClose
    private final ProxyServer proxy =
            ProxyServer.start(Route.tcp("mqtt").listen("127.0.0.1", 0).to(broker.address()));

    private final RunningRoute mqtt = proxy.route("mqtt");
    private final List<MqttAsyncClient> clients = new ArrayList<>();
    private final MqttMailbox far = new MqttMailbox();
    private final MqttMailbox near = new MqttMailbox();
    private final Logger clientLog = Logger.getLogger("org.eclipse.paho.client.mqttv3");

    MqttFaultsTest() throws IOException {}

    /** The one that suffers. */
    private MqttAsyncClient farClient(Duration keepAlive) throws MqttException {
        return client("far", mqtt.port(), far, keepAlive);
    }

    /** Past the proxy. */
    private MqttAsyncClient nearClient() throws MqttException {
        return client("near", broker.port(), near, ofMinutes(1));
    }

    private MqttAsyncClient client(String name, int port, MqttMailbox mailbox, Duration keepAlive)
            throws MqttException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setCleanSession(false);
        options.setAutomaticReconnect(true);
        options.setKeepAliveInterval((int) keepAlive.toSeconds());
        MqttAsyncClient client = new MqttAsyncClient("tcp://127.0.0.1:" + port, name, new MemoryPersistence());
        clients.add(client);
        client.setCallback(mailbox);
        client.connect(options).waitForCompletion();
        return client;
    }

    private static IMqttDeliveryToken publish(MqttAsyncClient client, String message, int qos) throws MqttException {
        return client.publish(TOPIC, message.getBytes(UTF_8), qos, false);
    }

    private void interrupt() throws InterruptedException {
        mqtt.resetFlows(flow -> true);
        far.awaitReconnect();
    }

    @BeforeEach
    void silenceTheClient() {
        clientLog.setLevel(Level.OFF);
    }

    @AfterEach
    void closeClients() throws MqttException {
        for (MqttAsyncClient client : clients) {
            client.disconnectForcibly(0, 1, false);
            client.close(true);
        }
    }

    @Test
    void theKeepAliveNoticesABrokerThatHasGoneSilent() throws Exception {
        Duration keepAlive = ofSeconds(1);
        farClient(keepAlive);
        long begun = System.nanoTime();
        mqtt.faults().apply(toClient(Fault.stall()).liveFlows());

        assertThat(far.nextLoss().getReasonCode()).isEqualTo(REASON_CODE_CLIENT_TIMEOUT);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(keepAlive);
        far.awaitReconnect();
    }

    @Test
    void aClientComesBackByItselfAndGetsWhatItHasMissed() throws Exception {
        farClient(ofMinutes(1)).subscribe(TOPIC, 1).waitForCompletion();
        mqtt.down();
        assertThat(far.nextLoss().getReasonCode()).isEqualTo(REASON_CODE_CONNECTION_LOST);
        publish(nearClient(), "open", 1).waitForCompletion();

        mqtt.up();

        far.awaitReconnect();
        assertThat(far.nextMessage()).isEqualTo("open");
    }

    @Test
    void aMessageOfQuality0IsLostWithItsConnection() throws Exception {
        nearClient().subscribe(TOPIC, 2).waitForCompletion();
        MqttAsyncClient sender = farClient(ofMinutes(1));
        mqtt.faults().apply(toUpstream(Fault.blackHole()).liveFlows());
        publish(sender, "open", 0).waitForCompletion();

        interrupt();

        publish(sender, "shut", 0);
        assertThat(near.nextMessage()).isEqualTo("shut");
    }

    @Test
    void aMessageOfQuality1ComesTwiceIfItsAcknowledgementWasLost() throws Exception {
        farClient(ofMinutes(1)).subscribe(TOPIC, 1).waitForCompletion();
        mqtt.faults().apply(toUpstream(Fault.blackHole()).liveFlows());
        publish(nearClient(), "open", 1).waitForCompletion();
        assertThat(far.nextMessage()).isEqualTo("open");

        interrupt();

        assertThat(far.nextMessage()).isEqualTo("open");
    }

    @Test
    void aMessageOfQuality2ComesOnce() throws Exception {
        farClient(ofMinutes(1)).subscribe(TOPIC, 2).waitForCompletion();
        MqttAsyncClient sender = nearClient();
        mqtt.faults().apply(toUpstream(Fault.blackHole()).liveFlows());
        publish(sender, "open", 2).waitForCompletion();

        interrupt();

        assertThat(far.nextMessage()).isEqualTo("open");
        publish(sender, "shut", 0);
        assertThat(far.nextMessage()).isEqualTo("shut");
    }
}
