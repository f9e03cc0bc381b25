/**
 * How replicas of a publish-subscribe service agree: the topics they keep, and the deterministic
 * state machine that elects a coordinator and replicates updates.
 *
 * <p>Inputs in, outputs out. The host performs outputs in list order and feeds what happens back as
 * inputs; time and randomness are arguments. Nothing here touches clocks, threads, disks, sockets
 * or Ice. One thread owns an instance; tables and records are immutable and may be read anywhere.
 */
@NullMarked
package dev.firn.election;

import org.jspecify.annotations.NullMarked;
