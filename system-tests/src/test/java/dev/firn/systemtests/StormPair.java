package dev.firn.systemtests;

import java.util.stream.Stream;

/**
 * Two sides that meet: a service, and the service linked to it or the tool that is used with it.
 */
record StormPair(Implementation service, Implementation other) {

  static Stream<StormPair> tested() {
    return Implementation.tested()
        .flatMap(service -> Implementation.tested().map(other -> new StormPair(service, other)));
  }

  @Override
  public String toString() {
    return service + " with " + other;
  }
}
