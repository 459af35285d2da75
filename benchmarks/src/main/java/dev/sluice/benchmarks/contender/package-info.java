/** Those that are compared, and the processes they run in. */
package dev.sluice.benchmarks.contender;
