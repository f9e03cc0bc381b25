package dev.firn.server;

/**
 * What registries are told of a server.
 *
 * @param pid 0 while no process runs
 */
public record ServerStatus(String id, ServerState state, int pid, boolean enabled) {}
