package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Who is chosen, and what each is told: one input, exact answers. */
class GroupLeaseTest {
  private final RoleLeases leases = new RoleLeases(LeaseConfig.defaults().withFallbackAfter(5_000));
  private final List<String> said = new ArrayList<>();
  private long now = 1_000;
  private long requests;

  private void step(LeaseInput input) {
    for (LeaseOutput output : leases.step(now, input)) {
      if (output instanceof LeaseOutput.Answer answer) {
        said.add(answer.request().number() + " " + text(answer.answer()));
      } else if (output instanceof LeaseOutput.Insist insist) {
        said.add("insist " + insist.instance() + " " + insist.epoch());
      }
    }
  }

  private static String text(LeaseAnswer answer) {
    return answer instanceof LeaseAnswer.Lease lease
        ? lease.holder() + ":" + lease.epoch() + ":" + lease.termMillis()
        : answer.getClass().getSimpleName();
  }

  /** What the group says itself. */
  private OptionalLong groupsFallback = OptionalLong.empty();

  /** The configuration of who campaigns next. */
  private long revision;

  private List<String> said() {
    List<String> all = List.copyOf(said);
    said.clear();
    return all;
  }

  private void campaign(String instance, RoleState state, long epoch, long applied, String wants) {
    boolean ready = state == RoleState.STANDBY;
    step(
        new LeaseInput.Campaign(
            new RoleRequestId(++requests),
            new Candidacy(
                "g",
                instance,
                "at " + instance,
                state,
                epoch,
                applied,
                revision,
                ready,
                wants,
                groupsFallback)));
  }

  private void standby(String instance, long epoch, long applied) {
    campaign(instance, RoleState.STANDBY, epoch, applied, "");
  }

  private void active(String instance, long epoch) {
    campaign(instance, RoleState.ACTIVE, epoch, 0, "");
  }

  private void pass(long millis) {
    long until = now + millis;
    while (leases.wakeAtMillis().orElse(Long.MAX_VALUE) <= until) {
      now = Math.max(now, leases.wakeAtMillis().orElseThrow());
      step(new LeaseInput.Tick());
    }
    now = until;
  }

  private void sureMaster() {
    step(new LeaseInput.BecameMaster());
    pass(3_301);
  }

  @Test
  void onlyTheMasterGivesLeases() {
    standby("a", 0, 0);
    step(new LeaseInput.BecameMaster());
    active("a", 3);
    standby("b", 3, 0);
    step(new LeaseInput.NotMaster("the master is m"));
    assertThat(said()).containsExactly("1 NotAuthority", "2 a:3:1000", "3 NotAuthority");
    assertThat(leases.notMaster()).isEqualTo("the master is m");
  }

  @Test
  void theOneThatHasComeFurthestGetsTheRole() {
    sureMaster();
    standby("a", 4, 10);
    standby("b", 7, 12);
    pass(240);
    standby("a", 4, 10);
    standby("b", 7, 12);
    said();
    pass(100);
    assertThat(said()).containsExactly("4 b:8:1000");
    pass(300);
    assertThat(said()).containsExactly("3 b:8:0");
  }

  @Test
  void ofEqualsThePreferredOneAndThenTheFirst() {
    sureMaster();
    campaign("a", RoleState.STANDBY, 0, 10, "c");
    campaign("b", RoleState.STANDBY, 0, 10, "c");
    campaign("c", RoleState.STANDBY, 0, 10, "c");
    pass(240);
    campaign("a", RoleState.STANDBY, 0, 10, "c");
    campaign("b", RoleState.STANDBY, 0, 10, "c");
    campaign("c", RoleState.STANDBY, 0, 10, "c");
    said();
    pass(70);
    assertThat(said()).containsExactly("6 c:1:1000");
    step(new LeaseInput.Release(new RoleRequestId(99), "g", "c", 1, false));
    assertThat(said()).containsExactly("99 Released", "4 a:2:1000");
  }

  @Test
  void whoHasTheNewestConfigurationComesBeforeWhoHasComeFurther() {
    sureMaster();
    for (int i = 0; i < 2; i++) {
      revision = 3;
      standby("a", 0, 12);
      revision = 4;
      standby("b", 0, 10);
      pass(i == 0 ? 240 : 0);
    }
    said();
    pass(70);
    assertThat(said()).containsExactly("4 b:1:1000");
  }

  @Test
  void nobodyGetsTheRoleBeforeASilentHolderHasLostIt() {
    sureMaster();
    standby("a", 0, 10);
    pass(240);
    standby("a", 0, 10);
    pass(70);
    active("a", 1);
    said();
    long last = now;
    while (said.stream().noneMatch(word -> word.contains("b:2:1000"))) {
      standby("b", 1, 10);
      pass(100);
    }
    assertThat(now - last).isBetween(1_101L, 1_300L);
    said();
    active("a", 1);
    assertThat(said()).as("the old one is told").containsExactly(requests + " b:2:0");
  }

  @Test
  void theHolderIsAskedToHandOverAndKeepsItsLeaseUntilItDid() {
    sureMaster();
    standby("a", 0, 10);
    pass(240);
    standby("a", 0, 10);
    pass(70);
    said();
    standby("b", 0, 10);
    step(new LeaseInput.Transfer(new RoleRequestId(50), "g", "b", false));
    step(new LeaseInput.Transfer(new RoleRequestId(51), "g", "c", false));
    active("a", 1);
    standby("b", 0, 10);
    assertThat(said()).containsExactly("51 TransferRefused", "4 b:1:1000", "3 a:1:0");
    step(new LeaseInput.Release(new RoleRequestId(52), "g", "a", 1, false));
    assertThat(said()).containsExactly("52 Released", "5 b:2:1000");
    campaign("b", RoleState.ACTIVATING, 2, 10, "");
    active("b", 2);
    assertThat(said()).containsExactly("6 b:2:1000", "7 b:2:1000", "50 Transferred");
  }

  @Test
  void anInstanceThatCouldNotTakeTheRoleIsNotTheNextChoice() {
    sureMaster();
    standby("a", 0, 10);
    standby("b", 0, 10);
    pass(240);
    standby("a", 0, 10);
    pass(70);
    said();
    standby("b", 0, 10);
    step(new LeaseInput.Release(new RoleRequestId(60), "g", "a", 1, false));
    standby("a", 1, 10);
    assertThat(said()).contains("4 b:2:1000").doesNotContain("5 a:3:1000");
  }

  @Test
  void aSecondProcessOfTheSameNameWaits() {
    sureMaster();
    standby("a", 0, 10);
    pass(240);
    standby("a", 0, 10);
    pass(70);
    said();
    step(
        new LeaseInput.Campaign(
            new RoleRequestId(70),
            new Candidacy("g", "a", "elsewhere", RoleState.STANDBY, 0, 10, true, "")));
    assertThat(said()).containsExactly("70 a:1:0");
  }

  @Test
  void aGroupMaySayWhenThePreferredOneGetsTheRoleBack() {
    groupsFallback = OptionalLong.of(1_000);
    assertThat(millisUntilThePreferredOneIsBack()).isBetween(1_000L, 1_700L);
  }

  @Test
  void thePreferredOneGetsTheRoleBackAfterAWhile() {
    assertThat(millisUntilThePreferredOneIsBack()).isBetween(5_000L, 5_700L);
  }

  @Test
  void thePreferredOneDoesNotTakeTheRoleFromWhoHasANewerConfiguration() {
    sureMaster();
    revision = 4;
    campaign("a", RoleState.STANDBY, 0, 10, "b");
    pass(240);
    campaign("a", RoleState.STANDBY, 0, 10, "b");
    pass(70);
    for (int i = 0; i < 50; i++) {
      revision = 4;
      campaign("a", RoleState.ACTIVE, 1, 10, "b");
      revision = 3;
      campaign("b", RoleState.STANDBY, 1, 10, "b");
      pass(200);
    }
    assertThat(said()).noneMatch(word -> word.contains("b:1:1000"));
    revision = 4;
    for (int i = 0; i < 2; i++) {
      campaign("b", RoleState.STANDBY, 1, 10, "b");
      pass(200);
      campaign("a", RoleState.ACTIVE, 1, 10, "b");
    }
    assertThat(said()).anyMatch(word -> word.endsWith("b:1:1000"));
  }

  private long millisUntilThePreferredOneIsBack() {
    sureMaster();
    campaign("a", RoleState.STANDBY, 0, 10, "b");
    pass(240);
    campaign("a", RoleState.STANDBY, 0, 10, "b");
    pass(70);
    said();
    long since = now;
    while (said.stream().noneMatch(word -> word.endsWith("b:1:1000"))) {
      campaign("a", RoleState.ACTIVE, 1, 10, "b");
      campaign("b", RoleState.STANDBY, 1, 10, "b");
      pass(200);
      assertThat(now).isLessThan(since + 20_000);
    }
    return now - since;
  }

  @Test
  void theEpochDoesNotGoBackWhenEverybodyHasLeft() {
    sureMaster();
    standby("a", 41, 10);
    pass(240);
    standby("a", 41, 10);
    pass(70);
    said();
    step(new LeaseInput.Release(new RoleRequestId(90), "g", "a", 42, true));
    assertThat(leases.leases()).isEmpty();
    standby("b", 0, 10);
    assertThat(said()).containsExactly("90 Released", "3 b:43:1000");
  }

  @Test
  void aForcedTransferInsists() {
    sureMaster();
    standby("a", 0, 10);
    pass(240);
    standby("a", 0, 10);
    pass(70);
    campaign("b", RoleState.SYNCING, 0, 3, "");
    said();
    step(new LeaseInput.Transfer(new RoleRequestId(80), "g", "b", false));
    assertThat(said()).containsExactly("80 TransferRefused");
    step(new LeaseInput.Transfer(new RoleRequestId(81), "g", "b", true));
    step(new LeaseInput.Release(new RoleRequestId(82), "g", "a", 1, false));
    assertThat(said()).containsExactly("82 Released", "3 b:2:1000");
    campaign("b", RoleState.ACTIVATING, 2, 3, "");
    assertThat(said()).containsExactly("4 b:2:1000", "insist b 2");
  }
}
