package dev.firn.systemtests;

import static dev.firn.systemtests.Implementation.FIRN;
import static dev.firn.systemtests.Implementation.ZEROC;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Who provides which replica of a storm, by ascending node id: the last is to be coordinator. */
record StormMix(List<Implementation> replicas) {
  StormMix {
    replicas = List.copyOf(replicas);
  }

  static StormMix of(Implementation... replicas) {
    return new StormMix(List.of(replicas));
  }

  /** All of one kind, and one among two with a coordinator of either kind. */
  static Stream<StormMix> tested() {
    List<Implementation> tested = Implementation.tested().toList();
    return Stream.of(
            of(FIRN, FIRN, FIRN),
            of(ZEROC, ZEROC, ZEROC),
            of(FIRN, FIRN, ZEROC),
            of(ZEROC, FIRN, FIRN),
            of(FIRN, ZEROC, ZEROC),
            of(ZEROC, ZEROC, FIRN))
        .filter(mix -> tested.containsAll(mix.replicas));
  }

  boolean isFirnOnly() {
    return replicas.stream().allMatch(FIRN::equals);
  }

  boolean isMixed() {
    return replicas.stream().distinct().count() > 1;
  }

  @Override
  public String toString() {
    return replicas.stream().map(Implementation::name).collect(Collectors.joining(" "));
  }
}
