package dev.firn.node;

/**
 * Which process: a pid alone may be another process by now.
 *
 * @param startTicks when the system started it, as {@code /proc/PID/stat} has it: clock ticks since
 *     the machine was started
 */
record ProcessRecord(long pid, long startTicks) {}
