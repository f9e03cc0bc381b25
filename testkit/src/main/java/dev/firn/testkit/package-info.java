/**
 * The deterministic simulator: the real cores of master and slave in simulated time, on simulated
 * machines, networks and disks, with invariants checked after every event.
 *
 * <p>{@link dev.firn.testkit.Simulation#run} runs a seed, the same way each time; {@link
 * dev.firn.testkit.Soak} runs seeds for as long as wanted; {@link dev.firn.testkit.Simulation#of}
 * starts a grid for a script. What is checked:
 *
 * <ul>
 *   <li>What a registry publishes is on its disk, and what a slave acknowledges too; one Persist is
 *       outstanding, as the last output; what is pushed was published.
 *   <li>A client that is told "done" finds the update on the master's disk and on the disk of every
 *       slave that had subscribed before it and neither failed nor lost its session since. A slave
 *       that is promoted has all of these.
 *   <li>A slave's tables are those of its master at one moment, all three together, compared with a
 *       naive second implementation.
 *   <li>Serials and the epoch on a disk never go back, whichever masters it followed, unless the
 *       operator replaced the database. (Equal serials of two reigns may stand for different rows:
 *       the slave of the later reign gets its rows.)
 *   <li>One push is under way per session; a client never waits longer than the time-outs allow.
 *   <li>When faults end, all slaves have the master's tables within a limit computed from the
 *       time-outs.
 * </ul>
 */
@NullMarked
package dev.firn.testkit;

import org.jspecify.annotations.NullMarked;
