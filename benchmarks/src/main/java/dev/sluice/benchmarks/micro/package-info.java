/**
 * The pieces of the hot path one by one, on the engine's own classes, turned by the thread that measures: to be run
 * with {@code -prof gc}, which has to say zero bytes.
 */
package dev.sluice.benchmarks.micro;
