package dev.firn.systemtests;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import java.util.stream.Stream;

/** Whose service a scenario runs against, and in which of its modes. */
record StormVariant(Implementation implementation, StormMode mode) {
  StormVariant {
    requireNonNull(implementation, "implementation");
    requireNonNull(mode, "mode");
  }

  static Stream<StormVariant> tested() {
    return Implementation.tested()
        .flatMap(
            implementation ->
                Arrays.stream(StormMode.values())
                    .map(mode -> new StormVariant(implementation, mode)));
  }

  boolean isFirn() {
    return implementation == Implementation.FIRN;
  }

  boolean isTransient() {
    return mode == StormMode.TRANSIENT;
  }

  boolean isReplicated() {
    return mode == StormMode.REPLICATED;
  }

  @Override
  public String toString() {
    return implementation + " " + mode;
  }
}
