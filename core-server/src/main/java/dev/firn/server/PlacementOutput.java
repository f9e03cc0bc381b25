package dev.firn.server;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/** What a {@link PlacementRequest} wants done. Members by their places in the policy's order. */
public sealed interface PlacementOutput {
  /** Ask the member for its proxy; it tells whether it is active, but starts nothing. */
  record Ask(int member) implements PlacementOutput {}

  /**
   * Have the member started, or wait with whoever has it started already. Also when the request is
   * answered before, as the policy chose this member.
   */
  record Activate(int member) implements PlacementOutput {}

  /**
   * Answer with these members.
   *
   * @param members active ones in the policy's order, one or more
   */
  record Answer(List<Integer> members) implements PlacementOutput {
    public Answer {
      members = List.copyOf(members);
    }
  }

  /**
   * No member could serve.
   *
   * @param first the member that failed first; empty if there was none to ask
   */
  record Fail(OptionalInt first) implements PlacementOutput {
    public Fail {
      requireNonNull(first, "first");
    }
  }
}
