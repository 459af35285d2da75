/**
 * TCP: a listener accepts, a connection pairs the client with the upstream that its dial reached, and two pipes carry
 * the bytes, one a direction.
 */
package dev.sluice.nio.tcp;
