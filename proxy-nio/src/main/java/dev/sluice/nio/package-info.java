/** The server: starting whole or not at all, changing while it runs, draining, closing. */
package dev.sluice.nio;
