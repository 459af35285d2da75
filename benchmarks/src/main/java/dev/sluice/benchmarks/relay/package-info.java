/** The Java relays that are compared, each a program that a driver starts as its child. */
package dev.sluice.benchmarks.relay;
