package dev.sluice.nio.simulation;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * What makes the simulation worth trusting: the same tests pass on the real loopback of Linux and on the simulated
 * network.
 */
final class ConformanceTest {

    /** On the kernel and the JDK that this test runs on. */
    @Nested
    @EnabledOnOs(OS.LINUX)
    final class Loopback
            implements TcpConformance, ReadinessConformance, ConnectConformance, SelectorConformance, UdpConformance {

        @AutoClose
        private final Ground ground = Ground.loopback();

        Loopback() throws IOException {}

        @Override
        public Ground ground() {
            return ground;
        }
    }

    /** On the simulated network. */
    @Nested
    final class Simulated
            implements TcpConformance, ReadinessConformance, ConnectConformance, SelectorConformance, UdpConformance {

        @AutoClose
        private final Ground ground = Ground.simulated();

        Simulated() throws IOException {}

        @Override
        public Ground ground() {
            return ground;
        }
    }
}
