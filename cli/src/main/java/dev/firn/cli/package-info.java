/**
 * Firn's administrative commands. {@link dev.firn.cli.AdminMain} is {@code icegridadmin}: a client
 * of the public {@code IceGrid::AdminSession} interface that keeps no state of its own.
 *
 * <p>One main thread reads and executes commands; Ice's threads only deliver log messages to a
 * running {@code show --follow}. A command's failure is counted and printed, never thrown further.
 */
@NullMarked
package dev.firn.cli;

import org.jspecify.annotations.NullMarked;
