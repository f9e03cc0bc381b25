package dev.firn.failover;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** One input, exact outputs. */
class RoleMachineTest {
  @Test
  void aMemberStartsUpInOrderAndStandsBy() {
    RoleWorld world = new RoleWorld(RoleConfig.member());
    world.step(new RoleInput.Start());
    world.step(new RoleInput.BackplaneRegistered());
    world.step(new RoleInput.ReplicatorFound());
    world.step(new RoleInput.ConfigurationRegistered());
    world.step(new RoleInput.Synchronized(10));
    assertThat(world.look())
        .containsExactly(
            "register backplane",
            "find replicator",
            "SYNCING",
            "register configuration",
            "listen all",
            "STANDBY");
  }

  @Test
  void activationGoesStepByStep() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    RoleRequestId request = world.activate();
    world.claimed(7, 10);
    world.finishActivation();
    assertThat(world.look())
        .containsExactly(
            "ACTIVATING",
            "claim 0",
            "stop listening",
            "ACTIVATE 7",
            "open",
            "register 7",
            "publish 7",
            "ACTIVE",
            "activated",
            "answer 1 Done");
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void anOrderlyEndDrainsAndFlushesAndFollowsAgain() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.askStandby();
    world.finishDeactivation();
    RoleRequestId another = world.askStandby();
    world.step(new RoleInput.Synchronized(20));
    assertThat(world.look())
        .containsExactly(
            "DEACTIVATING",
            "hold",
            "flush",
            "stop publishing",
            "unregister",
            "close",
            "STANDBY 5",
            "SYNCING",
            "listen all",
            "STANDBY",
            "on standby",
            "answer " + request.number() + " Done",
            "answer " + another.number() + " Done");
  }

  @Test
  void whoseStateDoesNotComeBackStandsByWithoutIt() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.askStandby();
    world.finishDeactivation();
    world.look();
    world.pass(2_999);
    assertThat(world.look()).isEmpty();
    world.pass(1);
    assertThat(world.look()).containsExactly("on standby", "answer " + request.number() + " Done");
    assertThat(world.state()).isEqualTo(RoleState.SYNCING);
  }

  @Test
  void withoutTheReplicatorNobodyWaitsForTheState() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.askStandby();
    world.finishDeactivation();
    world.step(new RoleInput.ReplicatorLost("gone"));
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void whoIsToBeActiveAgainHasStoodByBefore() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId standby = world.askStandby();
    world.finishDeactivation();
    world.look();
    RoleRequestId active = world.activate();
    assertThat(world.look())
        .containsExactly(
            "ACTIVATING", "claim 0", "on standby", "answer " + standby.number() + " Done");
    assertThat(world.answer(active)).isEmpty();
  }

  @Test
  void whoEndsBeforeItHasItsStateAgainHasStoodBy() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.askStandby();
    world.finishDeactivation();
    world.look();
    world.step(new RoleInput.Stop());
    assertThat(world.look())
        .containsExactly(
            "STOPPING",
            "stop listening",
            "on standby",
            "answer " + request.number() + " Done",
            "end");
  }

  @Test
  void aClaimWithoutAnAnswerLeavesTimeForTheComponent() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member().withTimeouts(5_000, 20_000, 5_000));
    RoleRequestId request = world.promote(0, true);
    while (!world.done.contains("ACTIVATE 1")) {
      world.pass(1);
    }
    world.pass(1_000);
    world.finishActivation();
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void aLocatorThatDoesNotAnswerDoesNotDelayTheActivationBeyondItsTime() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member().withTimeouts(2_000, 20_000, 5_000));
    RoleRequestId request = world.activate();
    world.claimed(7, 10);
    world.pass(1_000);
    world.step(new RoleInput.HookDone(world.run("hook")));
    world.step(new RoleInput.AdapterOpened(world.run("open")));
    world.pass(1_000);
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void aNewerEpochEndsTheRoleAtOnceWithoutAFlush() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.step(new RoleInput.StaleWriter(5, 6));
    assertThat(world.machine.view().maySend(world.now)).isFalse();
    assertThat(world.look()).containsExactly("DEACTIVATING", "stop publishing", "close at once");
    assertThat(world.machine.view().knownEpoch()).isEqualTo(6);
  }

  @Test
  void theHeadReadWithTheClaimIsWaitedForWhateverArrivesMeanwhile() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.promote(7, false);
    world.claimed(7, 14);
    world.look();
    world.step(new RoleInput.Progress(12, 12));
    assertThat(world.look()).isEmpty();
    world.step(new RoleInput.Progress(14, 14));
    assertThat(world.look()).containsExactly("stop listening", "ACTIVATE 7");
  }

  @Test
  void theEpochOfTheStreamIsKnownWhenNobodyElseCanSayIt() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.step(new RoleInput.Followed(7));
    assertThat(world.machine.view().knownEpoch()).isEqualTo(7);
    world.step(new RoleInput.ReplicatorLost("gone"));
    world.look();
    world.promote(0, true);
    world.finishActivation();
    assertThat(world.look()).contains("ACTIVATE 8", "register 8", "ACTIVE");
  }

  @Test
  void aClaimBelowTheEpochOfTheStreamIsMadeAgain() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.activate();
    world.step(new RoleInput.Followed(9));
    world.claimed(7, 10);
    assertThat(world.look()).containsExactly("ACTIVATING", "claim 0", "claim 10");
  }

  @Test
  void whoCatchesUpWithTheStreamOfANewerOneStandsBy() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    RoleRequestId request = world.activate();
    world.claimed(7, 14);
    world.step(new RoleInput.Followed(7));
    assertThat(world.state()).isEqualTo(RoleState.ACTIVATING);
    world.step(new RoleInput.Followed(8));
    assertThat(world.state()).isEqualTo(RoleState.STANDBY);
    assertThat(world.answer(request)).contains(new RoleAnswer.Stale(8));
  }

  @Test
  void theOwnStreamSaysNothingNew() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.step(new RoleInput.Followed(6));
    assertThat(world.machine.view().knownEpoch()).isEqualTo(5);
  }

  @Test
  void aProcessThatWasStoppedAnswersNobodyUntilItsEpochIsConfirmed() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.sleep(1_500);
    assertThat(world.machine.view().maySend(world.now)).isFalse();
    world.step(new RoleInput.Tick());
    assertThat(world.machine.view().maySend(world.now)).isFalse();
    assertThat(world.look()).containsExactly("confirm 5");
    world.step(new RoleInput.Claimed(world.run("confirm"), 5, 20));
    assertThat(world.machine.view().maySend(world.now)).isTrue();
  }

  @Test
  void aComponentThatCannotBeActivatedTwiceHasFailed() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    for (int i = 1; i <= 2; i++) {
      RoleRequestId request = world.activate();
      world.claimed(i, 10);
      world.step(new RoleInput.HookFailed(world.run("hook"), "thrown"));
      world.step(new RoleInput.HookDone(world.run("hook")));
      assertThat(world.answer(request).orElseThrow()).isInstanceOf(RoleAnswer.Failed.class);
      world.step(new RoleInput.Synchronized(10));
    }
    assertThat(world.state()).isEqualTo(RoleState.FAILED);
  }

  @Test
  void anAddressThatIsNotThereIsTriedAgainUntilTheTimeIsOver() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    RoleRequestId request = world.activate();
    world.claimed(7, 10);
    world.step(new RoleInput.HookDone(world.run("hook")));
    int attempts = 0;
    while (world.state() == RoleState.ACTIVATING) {
      world.step(new RoleInput.AdapterFailed(world.run("open"), "no such address"));
      world.pass(100);
      attempts++;
    }
    assertThat(attempts).isBetween(140, 152);
    world.step(new RoleInput.AdapterClosed(world.run("close")));
    world.step(new RoleInput.HookDone(world.run("hook")));
    assertThat(world.answer(request).orElseThrow()).isInstanceOf(RoleAnswer.Failed.class);
  }

  @Test
  void aLeaseThatRunsOutEndsTheRoleAtOnce() {
    RoleWorld world = RoleWorld.active(RoleConfig.member().withManaged(true));
    world.pass(999);
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
    assertThat(world.machine.view().maySend(world.now)).isTrue();
    world.pass(1);
    assertThat(world.look()).containsExactly("DEACTIVATING", "stop publishing", "close at once");
  }

  @Test
  void aStandaloneInstanceActivatesItselfOnceTheLocatorKnowsIt() {
    RoleWorld world = new RoleWorld(RoleConfig.alone());
    world.step(new RoleInput.Start());
    assertThat(world.state()).isEqualTo(RoleState.STARTING);
    world.step(new RoleInput.BackplaneRegistered());
    world.claimed(1, -1);
    world.finishActivation();
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
  }

  @Test
  void withoutTheReplicatorOnlyWhoAcceptsTheLossIsPromoted() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.step(new RoleInput.ReplicatorLost("gone"));
    assertThat(world.answer(world.promote(0, false)))
        .contains(new RoleAnswer.NotSynchronized(10, 10));
    assertThat(world.answer(world.activate()).orElseThrow()).isInstanceOf(RoleAnswer.Failed.class);
    world.promote(0, true);
    world.finishActivation();
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
    assertThat(world.look()).contains("publish 1 all");
  }

  @Test
  void aRefusalOfTheOldEpochDoesNotEndTheRoleWhileAHigherOneIsClaimed() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.promote(7, false);
    world.step(new RoleInput.StaleWriter(5, 7));
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
    assertThat(world.machine.view().maySend(world.now)).isFalse();
    world.claimed(7, 12);
    world.step(new RoleInput.StaleWriter(5, 7));
    assertThat(world.look()).containsExactly("claim 7", "publish 7", "register 7", "answer 2 Done");
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
    assertThat(world.machine.view().maySend(world.now)).isTrue();
  }

  @Test
  void theLocatorMayHearOfTheHigherEpochBeforeItsClaimIsAnswered() {
    RoleWorld world = RoleWorld.active(RoleConfig.member().withReplicated(false));
    world.promote(7, false);
    world.step(new RoleInput.RegisterRefused(1, 7));
    world.claimed(7, -1);
    assertThat(world.state()).isEqualTo(RoleState.ACTIVE);
    assertThat(world.machine.view().epoch()).isEqualTo(7);
  }

  @Test
  void anEpochAboveTheClaimedOneEndsTheRoleAtOnce() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.promote(7, false);
    world.step(new RoleInput.StaleWriter(5, 8));
    assertThat(world.state()).isEqualTo(RoleState.DEACTIVATING);
  }

  @Test
  void aRefusedEpochWhoseSuccessorIsNotGrantedEndsTheRole() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    RoleRequestId request = world.promote(7, false);
    world.step(new RoleInput.StaleWriter(5, 6));
    world.step(new RoleInput.ClaimFailed(world.run("claim"), "no answer"));
    assertThat(world.answer(request).orElseThrow()).isInstanceOf(RoleAnswer.Failed.class);
    assertThat(world.state()).isEqualTo(RoleState.DEACTIVATING);
    assertThat(world.machine.view().knownEpoch()).isEqualTo(6);
  }

  @Test
  void catchingUpHasItsOwnTimeWhateverTheClaimTook() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.step(new RoleInput.Progress(10, 11));
    RoleRequestId request = world.promote(0, false);
    world.pass(4_990);
    world.step(new RoleInput.Progress(11, 11));
    world.claimed(7, 12);
    world.pass(4_000);
    assertThat(world.answer(request)).isEmpty();
    world.step(new RoleInput.Progress(12, 12));
    world.finishActivation();
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void whatIsSaidAboutAnEarlierTenureDoesNotFailTheNextActivation() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.sleep(1_500);
    world.step(new RoleInput.Tick());
    long old = world.run("confirm");
    world.askStandby();
    world.finishDeactivation();
    world.step(new RoleInput.Synchronized(20));
    RoleRequestId request = world.activate();
    world.step(new RoleInput.ClaimRefused(old, 6));
    world.claimed(6, 20);
    world.finishActivation();
    assertThat(world.answer(request)).contains(new RoleAnswer.Done());
  }

  @Test
  void whatAComponentPreparedInAFailedActivationIsTakenBack() {
    RoleWorld world = RoleWorld.standby(RoleConfig.member());
    world.activate();
    world.claimed(7, 10);
    world.look();
    world.step(new RoleInput.HookFailed(world.run("hook"), "thrown"));
    assertThat(world.look()).containsExactly("DEACTIVATING", "stop publishing", "STANDBY 7");
  }

  @Test
  void whoServesWithoutProtectionSaysSoWithTheWordAsLongAsItServes() {
    RoleWorld world = RoleWorld.active(RoleConfig.member());
    world.step(new RoleInput.Unprotected("no replicator"));
    assertThat(world.machine.view().protectedState()).isFalse();
    assertThat(world.machine.view().lastError()).isEqualTo("unprotected: no replicator");
    world.step(new RoleInput.ProtectedAgain());
    assertThat(world.machine.view().lastError()).isEmpty();
    world.step(new RoleInput.Unprotected("no replicator"));
    world.askStandby();
    world.finishDeactivation();
    assertThat(world.machine.view().protectedState()).isTrue();
    assertThat(world.machine.view().lastError()).isEmpty();
  }
}
