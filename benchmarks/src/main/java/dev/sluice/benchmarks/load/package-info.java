/** The work that is driven through a relay, or straight to the upstream, and what came of it. */
package dev.sluice.benchmarks.load;
