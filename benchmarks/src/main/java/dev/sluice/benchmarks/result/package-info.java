/** What was measured, and how it is shown: as tables, as JSON, as a page with charts. */
package dev.sluice.benchmarks.result;
