package dev.sluice.examples.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;

/** What a client is told: messages, why its connection was lost, that it has connected again. */
final class MqttMailbox implements MqttCallbackExtended {
    private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
    private final BlockingQueue<MqttException> losses = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> reconnects = new LinkedBlockingQueue<>();

    @Override
    public void connectComplete(boolean isReconnect, String address) {
        if (isReconnect) {
            reconnects.add(address);
        }
    }

    @Override
    public void connectionLost(Throwable cause) {
        losses.add((MqttException) cause);
    }

    @Override
    public void messageArrived(String topic, MqttMessage message) {
        messages.add(new String(message.getPayload(), StandardCharsets.UTF_8));
    }

    @Override
    public void deliveryComplete(IMqttDeliveryToken token) {
        // Who publishes asks the token.
    }

    String nextMessage() throws InterruptedException {
        return next(messages);
    }

    MqttException nextLoss() throws InterruptedException {
        return next(losses);
    }

    void awaitReconnect() throws InterruptedException {
        next(reconnects);
    }

    private static <T> T next(BlockingQueue<T> told) throws InterruptedException {
        T next = told.poll(30, TimeUnit.SECONDS);
        assertThat(next).isNotNull();
        return next;
    }
}
