package dev.firn.server;

import dev.firn.model.EncodedProxy;
import dev.firn.model.InternalServerDescriptor;
import java.util.Optional;
import java.util.OptionalLong;

/** What belongs to one run of a server's process. */
final class ProcessRun {
  /** What is about another run is outdated. */
  final long number;

  /** What it runs with; empty once it has ended. */
  Optional<InternalServerDescriptor> descriptor;

  EncodedProxy process;

  /** Whether there is a process, or will be in a moment. */
  boolean launching;

  /** Whether its time to become complete was over before there was a process. */
  boolean timedOut;

  /** Whether it was seen to shut itself down. */
  boolean goesByItself;

  /** That it ended before it was known to have begun. */
  Optional<ProcessExit> earlyExit = Optional.empty();

  OptionalLong activeSinceMillis = OptionalLong.empty();

  private ProcessRun(
      long number, Optional<InternalServerDescriptor> descriptor, EncodedProxy process) {
    this.number = number;
    this.descriptor = descriptor;
    this.process = process;
  }

  /** Before the first. */
  static ProcessRun none() {
    return new ProcessRun(0, Optional.empty(), EncodedProxy.NULL);
  }

  ProcessRun next(InternalServerDescriptor with, EncodedProxy registered) {
    return new ProcessRun(number + 1, Optional.of(with), registered);
  }

  /** Whether it is not complete without a process proxy, and has none. */
  boolean lacksProcess() {
    return descriptor.filter(InternalServerDescriptor::processRegistered).isPresent()
        && process.isNull();
  }

  /** How long it was active; 0 if it never was. */
  long activeMillis(long nowMillis) {
    return activeSinceMillis.isPresent() ? nowMillis - activeSinceMillis.getAsLong() : 0;
  }
}
