package dev.firn.registry;

import java.util.Optional;

/**
 * The place of one verifier: filled when the configuration has a usable one, emptied when it turns
 * out to be none. Any thread.
 */
final class VerifierSlot<C> {
  private final String name;
  private final String property;
  private volatile Optional<Verifier<C>> verifier = Optional.empty();

  /**
   * @param name as messages call it: {@code ssl admin permissions verifier}
   * @param property the whole name of the property that configures it
   */
  VerifierSlot(String name, String property) {
    this.name = name;
    this.property = property;
  }

  String property() {
    return property;
  }

  Optional<Verifier<C>> verifier() {
    return verifier;
  }

  void fill(Verifier<C> found) {
    verifier = Optional.of(found);
  }

  void empty() {
    verifier = Optional.empty();
  }

  /** Why nobody gets a session as long as this is empty. */
  String missing() {
    return "no "
        + name
        + " configured, use the property\n`"
        + property
        + "' to configure\na permissions verifier.";
  }
}
