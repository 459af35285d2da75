/**
 * A layer-4 proxy to embed: TCP and UDP relays that run inside your own process.
 *
 * <p>This program listens on port 8080, spreads connections over two web servers, and relays DNS queries beside it, for
 * as long as the process lives:
 *
 * <pre>{@code
 * public static void main(String[] args) throws InterruptedException {
 *     try (ProxyServer proxy = ProxyServer.start(
 *             Route.tcp("web").listen(8080).to("10.0.0.5:80", "10.0.0.6:80"),
 *             Route.udp("dns").listen("127.0.0.1", 5300).to("10.0.0.53:53"))) {
 *         proxy.awaitTermination();
 *     }
 * }
 * }</pre>
 *
 * <p>A {@link dev.sluice.Route} says where to listen, how to behave and, with {@code to(…)}, where flows go. A flow is
 * a TCP connection or a UDP session; its two ends are the client and the upstream. A {@link dev.sluice.ProxyServer}
 * runs routes; what is running is reached through it: {@link dev.sluice.RunningRoute} and
 * {@link dev.sluice.LiveUpstreams}. A {@link dev.sluice.UpstreamSelector} picks the upstream of each flow.
 *
 * <p>Types that describe something (routes, upstreams, groups) are immutable. Types that are running may be called by
 * any thread. A {@link java.time.Duration} of zero switches a setting of a route off; as the time that flows have left,
 * in {@link dev.sluice.Leaving} and {@link dev.sluice.ProxyServer#shutdown}, it means at once. One of more than 36,500
 * days is refused. No argument or result is null unless it is marked so; a null argument throws
 * {@link NullPointerException}.
 *
 * <p>When the process is told to stop its flows are cut, unless a shutdown hook calls
 * {@link dev.sluice.ProxyServer#shutdown}.
 *
 * <p>Two servers in one process share nothing. This module needs an engine beside it: {@code dev.sluice:proxy-nio}.
 */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
