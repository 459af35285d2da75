/**
 * The PROXY protocol: reading and writing its headers, in either version. Pure: it sees bytes and addresses, and no
 * socket.
 */
package dev.sluice.nio.header;
