/** One route on one worker, and what TCP and UDP flows have in common: admission, life, end. */
package dev.sluice.nio.route;
