/** Opening, binding and configuring channels, so that everything else need not know how a platform wants it. */
package dev.sluice.nio.socket;
