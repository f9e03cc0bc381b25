package dev.firn.failover;

import dev.firn.election.StateContent;

/** A stream on its way between replicators. */
public record StreamContent(StreamState stream) implements StateContent {}
