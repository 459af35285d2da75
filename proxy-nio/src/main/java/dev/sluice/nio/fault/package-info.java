/** What the faults of a route do to its flows. A flow that is under none has nothing of this package. */
package dev.sluice.nio.fault;
