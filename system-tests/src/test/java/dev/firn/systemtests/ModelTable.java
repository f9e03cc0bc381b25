package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * What a table of the registry may hold, by name: the port last acknowledged, and those of later
 * changes whose fate nobody knows. Absence is an empty port.
 */
final class ModelTable {
  private final Map<String, Set<Optional<String>>> possible = new TreeMap<>();

  /** A change was acknowledged: nothing else is possible. */
  void promise(String name, Optional<String> port) {
    Set<Optional<String>> one = new HashSet<>();
    one.add(port);
    possible.put(name, one);
  }

  /** A change was asked for and not answered. */
  void doubt(String name, Optional<String> port) {
    possible(name).add(port);
  }

  /** Whether the name is there for sure, so that it can be removed. */
  boolean mayHave(String name) {
    return possible(name).stream().allMatch(Optional::isPresent);
  }

  void expect(Map<String, String> table, Supplier<String> told) {
    Set<String> names = new TreeSet<>(possible.keySet());
    names.addAll(table.keySet());
    for (String name : names) {
      Optional<String> found =
          Optional.ofNullable(table.get(name)).map(proxy -> Cluster.ports(proxy).get(0).toString());
      assertThat(possible(name)).as("%s in %s", name, told.get()).contains(found);
    }
  }

  private Set<Optional<String>> possible(String name) {
    return possible.computeIfAbsent(
        name,
        unknown -> {
          Set<Optional<String>> absent = new HashSet<>();
          absent.add(Optional.empty());
          return absent;
        });
  }
}
