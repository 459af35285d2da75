/** The server behind the relays, in a process of its own. */
package dev.sluice.benchmarks.upstream;
