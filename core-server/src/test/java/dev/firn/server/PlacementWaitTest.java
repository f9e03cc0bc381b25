package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firn.server.PlacementWait.Verdict;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PlacementWaitTest {
  @Test
  void enoughMembersEndTheWait() {
    PlacementWait wait = new PlacementWait(3, 2);
    assertThat(wait.succeeded()).isEqualTo(Verdict.WAIT);
    assertThat(wait.failed()).isEqualTo(Verdict.WAIT);
    assertThat(wait.succeeded()).isEqualTo(Verdict.RETRY);
  }

  @Test
  void lastMemberMayFailIfAnotherIsThere() {
    PlacementWait wait = new PlacementWait(2, 2);
    wait.succeeded();
    assertThat(wait.failed()).isEqualTo(Verdict.RETRY);
  }

  @Test
  void nodeThatHangsHoldsNobodyUpOnceAnotherMemberIsThere() {
    PlacementWait wait = new PlacementWait(2, 2);
    assertThat(wait.graceOver()).isEqualTo(Verdict.WAIT);
    assertThat(wait.succeeded()).isEqualTo(Verdict.RETRY);
  }

  @Test
  void thereIsAlwaysSomebodyToWaitFor() {
    assertThatIllegalArgumentException().isThrownBy(() -> new PlacementWait(0, 1));
  }

  @Property(seed = "20261122")
  void waitEndsOnceAndRightly(
      @ForAll @Size(min = 1, max = 6) List<Boolean> outcomes,
      @ForAll @IntRange(min = 1, max = 7) int count,
      @ForAll @IntRange(max = 6) int graceAfter) {
    PlacementWait wait = new PlacementWait(outcomes.size(), count);
    int verdicts = 0;
    boolean anyone = false;
    for (int i = 0; i < outcomes.size(); i++) {
      if (i == graceAfter) {
        verdicts += counted(wait.graceOver(), anyone);
      }
      anyone |= outcomes.get(i);
      verdicts += counted(outcomes.get(i) ? wait.succeeded() : wait.failed(), anyone);
    }
    assertThat(verdicts).isEqualTo(1);
  }

  private static int counted(Verdict verdict, boolean anyone) {
    if (verdict == Verdict.WAIT) {
      return 0;
    }
    assertThat(verdict).isEqualTo(anyone ? Verdict.RETRY : Verdict.FAIL);
    return 1;
  }
}
