/**
 * A network that exists only in memory, and is unlucky on request.
 *
 * <p>{@link dev.sluice.nio.simulation.SimulatedNetwork} is a {@link java.nio.channels.spi.SelectorProvider}: code that
 * opens its channels and selectors through a provider runs on it unchanged. Underneath it does what Linux and the JDK
 * do (the conformance tests of this package run on both), with a seed in place of chance: the same seed and the same
 * calls give the same run.
 *
 * <p>Nothing here blocks and nothing here has a clock. Whoever runs a simulation turns everything by hand: the loops
 * under test, the actors at the far ends ({@link dev.sluice.nio.simulation.Peer},
 * {@link dev.sluice.nio.simulation.UdpPeer}), and the wire between them
 * ({@link dev.sluice.nio.simulation.SimulatedNetwork#step}).
 *
 * <p>Thread: one, the test's. Only {@code Selector.wakeup} may be called from elsewhere.
 */
@NullMarked
package dev.sluice.nio.simulation;

import org.jspecify.annotations.NullMarked;
