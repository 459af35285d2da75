package dev.sluice.examples.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.WireParseException;

/** A name server, over UDP, that knows 10.0.0.7 for {@code 7.example.}, and so on. Counts what it has answered. */
final class DnsServer implements AutoCloseable {
    private final DatagramSocket socket;
    private final AtomicInteger answered = new AtomicInteger();

    DnsServer() {
        try {
            socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread thread = new Thread(this::serve, "dns-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void serve() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
                socket.receive(packet);
                answer(packet);
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void answer(DatagramPacket packet) throws IOException {
        try {
            Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
            byte[] answer = answer(query).toWire();
            answered.incrementAndGet();
            socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        } catch (WireParseException stray) {
            // Somebody else had the port before, and somebody's datagrams still come.
        }
    }

    private static Message answer(Message query) throws IOException {
        Record question = query.getQuestion();
        byte[] address = {10, 0, 0, Byte.parseByte(question.getName().getLabelString(0))};
        Message answer = new Message(query.getHeader().getID());
        answer.getHeader().setFlag(Flags.QR);
        answer.addRecord(question, Section.QUESTION);
        answer.addRecord(
                new ARecord(question.getName(), DClass.IN, 60, InetAddress.getByAddress(address)), Section.ANSWER);
        return answer;
    }

    /** As an upstream is written. */
    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    int answered() {
        return answered.get();
    }

    @Override
    public void close() {
        socket.close();
    }
}
