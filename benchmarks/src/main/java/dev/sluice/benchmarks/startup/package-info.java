/** How long a relay takes from its start to the first byte through it. */
package dev.sluice.benchmarks.startup;
