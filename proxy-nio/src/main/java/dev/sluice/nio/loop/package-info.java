/**
 * The selector loop and what turns with it: readiness, an inbox for other threads, timers, a clock. The loop knows
 * nothing of what it runs.
 */
package dev.sluice.nio.loop;
