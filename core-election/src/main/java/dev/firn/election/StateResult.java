package dev.firn.election;

import java.util.List;
import java.util.Optional;

/** What became of a command. */
public interface StateResult {
  /**
   * Empty also if there is nothing to change. They do not contain the new position: whoever orders
   * the commands adds it.
   */
  List<? extends StateChange> changes();

  /** Why it is not carried out; empty if it is. */
  Optional<String> refusal();
}
