package dev.firn.server;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;

/** The table of node.md 4.7 as it stands there, not as the code has it. */
final class Transitions {
  private static final Map<String, Set<String>> TABLE =
      Map.ofEntries(
          Map.entry("Loading", Set.of("Inactive")),
          Map.entry("Patching", Set.of("Inactive")),
          Map.entry("Inactive", Set.of("Loading", "Patching", "Activating", "Destroying")),
          Map.entry("Activating", Set.of("WaitForActivation", "Deactivating")),
          Map.entry("WaitForActivation", Set.of("Active", "ActivationTimeout", "Deactivating")),
          Map.entry("ActivationTimeout", Set.of("Active", "Deactivating")),
          Map.entry("Active", Set.of("Deactivating")),
          Map.entry("Deactivating", Set.of("DeactivatingWaitForProcess", "Inactive")),
          Map.entry("DeactivatingWaitForProcess", Set.of("Deactivating", "Inactive")),
          Map.entry("Destroying", Set.of("Destroyed")),
          Map.entry("Destroyed", Set.of()));

  private Transitions() {}

  static LifeState named(String label) {
    return Arrays.stream(LifeState.values())
        .filter(state -> state.label().equals(label))
        .findFirst()
        .orElseThrow();
  }

  static boolean allows(LifeState from, LifeState to) {
    return TABLE.getOrDefault(from.label(), Set.of()).contains(to.label());
  }
}
