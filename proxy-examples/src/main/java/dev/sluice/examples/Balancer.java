package dev.sluice.examples;

import dev.sluice.*;

public class Balancer {
    public static void main(String[] args) throws Exception {
        try (ProxyServer proxy = ProxyServer.start(
                Route.tcp("web").listen(8080).to("10.0.0.5:80", "10.0.0.6:80"),
                Route.udp("dns").listen("127.0.0.1", 5300).to("10.0.0.53:53"))) {
            proxy.awaitTermination();
        }
    }
}
