/** Small programs, each of which shows one thing that the library does. */
package dev.sluice.examples;
