/** Pooled direct buffers, and the budget for bytes that slow receivers have not taken yet. */
package dev.sluice.nio.buffer;
