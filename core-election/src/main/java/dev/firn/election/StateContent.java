package dev.firn.election;

/** A part of a state on its way between replicas. */
public interface StateContent {}
