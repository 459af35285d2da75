/** What is counted and what is told: exact counters with one writer each, and events for the user's listener. */
package dev.sluice.nio.observe;
