/**
 * UDP: a listener receives, and each client has a session with a socket of its own towards its upstream. A datagram is
 * forwarded whole, or dropped and counted; nothing ever blocks the listener.
 */
package dev.sluice.nio.udp;
