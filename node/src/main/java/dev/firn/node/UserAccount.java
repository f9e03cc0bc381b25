package dev.firn.node;

/** An account of the system that a server runs under. */
record UserAccount(String name, int uid, int gid) {}
