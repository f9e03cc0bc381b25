package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The main job, shown: failover and promotion of registries, deployment through failures, an object
 * that finds its next client, failover of storms, and of a component.
 */
@FirnOnly
class DemoTest {
  private static final Duration LIMIT = Duration.ofMinutes(12);

  @Test
  @Timeout(value = 13, unit = TimeUnit.MINUTES)
  void theDemoHolds() {
    try (Lab lab = new Lab()) {
      ChildProcess demo = lab.firn("demo", "--verbose", "--gap-limit=5000");
      int exit = demo.awaitExit(LIMIT);
      assertThat(exit).as(demo.out() + demo.err()).isZero();
      assertThat(demo.out())
          .containsSubsequence(
              "three replicas are up and in step",
              "a server registered its adapter `Echo' and its object `echo'",
              "was killed with kill -9",
              "calls go on through the slaves",
              "Replica1 refuses an update",
              "Replica2 refuses an update",
              "Replica1 was stopped and started again as Master",
              "Replica2 follows the new master",
              "an update goes through",
              "Replica2 has it too",
              ", 0 errors",
              "longest gap between answers: ",
              "two nodes have sessions with the master: node1, node2",
              "none of its servers runs",
              "a client calls `echo': servers start on demand",
              "node1 (pid ",
              "calls go on through node2",
              "node1 was started again; echo1 starts on demand",
              "echo1 is a new process",
              "node2 (pid ",
              "still runs",
              "echo2 is still the same process",
              "the master (pid ",
              "a client calls `late': a slave has it started",
              "late is active",
              ", 0 errors",
              "no server is left",
              "client `first' has `printer'",
              "was started for session `first'",
              "client `second' waits for it",
              "client `first' was killed with kill -9",
              "client `second' has `printer'",
              "the server is a new process, for session `second'",
              "client `second' left; the server was stopped",
              "three storm replicas formed a group",
              "events reach both subscribers",
              "the coordinator Storm3",
              "was killed with kill -9",
              "the first update was accepted",
              "the others are a group; coordinator: Storm2",
              "events and updates go on through the others",
              "Storm3 was started again on its database",
              "all three are one group again",
              "the last events reached both subscribers",
              "topics with a subscriber acknowledged",
              "Storm1 has lost 0 of them",
              "Storm2 has lost 0 of them",
              "Storm3 has lost 0 of them",
              "the registry gave the role to one of two instances",
              "is active; a client counts",
              "as planned, the role went to",
              "was killed with kill -9",
              "the client counts on, from where it was",
              "was started again, and stands by",
              "was paused with kill -STOP",
              "wakes up, and counts for nobody",
              "every number above the one before",
              "nothing that was answered is lost",
              "all of this held")
          .contains("Master: ended with status 137")
          .doesNotContain("FAILED", "two masters");
      assertThat(lab.directory().resolve("temporary")).isEmptyDirectory();
    }
  }
}
