package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import dev.firn.cli.ComponentList.Member;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of several instances is behind, and which is the one to become active. */
class ComponentListTest {
  private final Communicator communicator = Util.initialize();

  @AfterEach
  void close() {
    communicator.destroy();
  }

  private Member member(String name, long appliedSeq, OptionalLong configuration) {
    ReplicaStatus status = new ReplicaStatus();
    status.appliedSeq = appliedSeq;
    ReplicaProxy proxy = ReplicaProxy.of(communicator.stringToProxy(name + ".Replica"), 1_000);
    return new Member(proxy, Optional.of(status), configuration, "");
  }

  @Test
  void theNewestConfigurationCountsBeforeTheState() {
    Member old = member("old", 9, OptionalLong.of(6));
    Member slow = member("slow", 7, OptionalLong.of(7));
    Member best = member("best", 8, OptionalLong.of(7));
    Member foreign = member("foreign", 9, OptionalLong.empty());
    List<Member> all = List.of(old, slow, best, foreign);
    assertThat(all.stream().max(Member.progress())).contains(best);
    assertThat(all).filteredOn(member -> member.isBehind(all)).containsExactly(old);
  }

  @Test
  void whereNobodyCountsNobodyIsBehind() {
    List<Member> all =
        List.of(member("one", 3, OptionalLong.of(0)), member("two", 4, OptionalLong.empty()));
    assertThat(all).noneMatch(member -> member.isBehind(all));
    assertThat(all.stream().max(Member.progress())).contains(all.get(1));
  }
}
