/**
 * How registries replicate: the deterministic state machines of the {@linkplain
 * dev.firn.replication.Master master} and the {@linkplain dev.firn.replication.Slave slave}.
 *
 * <p>Inputs in, outputs out. The host performs outputs in list order and feeds what happens back as
 * inputs; time is an argument. Nothing here touches clocks, threads, disks, sockets or Ice. One
 * thread owns an instance.
 */
@NullMarked
package dev.firn.replication;

import org.jspecify.annotations.NullMarked;
