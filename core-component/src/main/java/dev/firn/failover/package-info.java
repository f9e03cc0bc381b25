/**
 * Active and standby: the role of an instance, the stream of its state, who holds the role, and
 * which services there are, as deterministic state machines.
 *
 * <p>Inputs in, outputs out. The host performs outputs in list order and feeds what happens back as
 * inputs; time and randomness are arguments. Nothing here touches clocks, threads, disks, sockets
 * or Ice. One thread at a time uses an instance; records are immutable.
 */
@NullMarked
package dev.firn.failover;

import org.jspecify.annotations.NullMarked;
