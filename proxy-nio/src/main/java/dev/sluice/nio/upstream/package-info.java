/** The groups of upstreams that flows go to: their live members, the pick among them, and their names' addresses. */
package dev.sluice.nio.upstream;
