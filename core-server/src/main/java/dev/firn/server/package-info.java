/**
 * The life of a deployed server: deterministic state machines, of the server on its node and of
 * what a registry knows of it.
 *
 * <p>Inputs in, outputs out. The host performs outputs in list order and feeds what happens back as
 * inputs; time and randomness are arguments. Nothing here touches clocks, threads, disks, sockets,
 * processes or Ice. One thread at a time uses an instance; records are immutable.
 */
@NullMarked
package dev.firn.server;

import org.jspecify.annotations.NullMarked;
