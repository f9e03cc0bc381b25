package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;

/**
 * What a command works with.
 *
 * @param admin the session's view of the registry; its identity is private to the session
 * @param terminal whether a person types the commands
 */
record AdminContext(
    Communicator communicator,
    AdminSessionPrx session,
    AdminPrx admin,
    Console console,
    Interrupts interrupts,
    boolean terminal) {}
