/**
 * The relay program, {@code relay.jar}: its command line, what it prints, and its demo. {@link Relay} is where it
 * starts; what relays is the library, used as anybody would.
 */
package dev.sluice.examples.relay;
