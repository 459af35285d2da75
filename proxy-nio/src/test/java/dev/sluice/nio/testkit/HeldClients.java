package dev.sluice.nio.testkit;

import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** A program that connects to each of some ports some times, and holds all of that until it has been served by each. */
public final class HeldClients {
    private HeldClients() {}

    /** Arguments: a host, how many connections for each port, and the ports. */
    public static void main(String[] arguments) throws Exception {
        List<Socket> held = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
            for (String port : List.of(arguments).subList(2, arguments.length)) {
                Socket socket = new Socket();
                held.add(socket);
                socket.connect(new InetSocketAddress(arguments[0], Integer.parseInt(port)));
                socket.setSoTimeout((int) Await.LONGEST.toMillis());
                if (socket.getInputStream().read() < 0) {
                    throw new AssertionError("no greeting for connection " + held.size());
                }
            }
        }
        System.out.println("held " + held.size());
        for (Socket each : held) {
            each.close();
        }
    }
}
