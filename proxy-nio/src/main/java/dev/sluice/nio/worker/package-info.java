/** What one thread owns: its loop and its buffers. */
package dev.sluice.nio.worker;
