package dev.sluice.nio.testkit;

import java.net.DatagramPacket;
import java.net.DatagramSocket;

/** A program that sends each datagram back, on a port of all addresses. */
final class UdpEchoProgram {
    private static final int LONGEST = 65_535;

    private UdpEchoProgram() {}

    /** Argument: the port. */
    public static void main(String[] arguments) throws Exception {
        try (DatagramSocket socket = new DatagramSocket(Integer.parseInt(arguments[0]))) {
            System.out.println("up");
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
                socket.receive(packet);
                socket.send(packet);
            }
        }
    }
}
