/**
 * What tests of a running proxy are written with: a {@link dev.sluice.nio.testkit.Testbed} that starts proxies, servers
 * and clients, and when the test is over checks that nothing is left of them.
 */
package dev.sluice.nio.testkit;
