package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.systemtests.ComponentFixture.Instance;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code firn component}: what it says, and its exit statuses, on which scripts rely. */
@FirnOnly
class ComponentToolTest {
  private static final ComponentFixture FIXTURE = new ComponentFixture();
  private static Instance one;
  private static Instance two;

  @BeforeAll
  static void start() {
    FIXTURE.locator();
    one = FIXTURE.instance("nothing-1");
    two = FIXTURE.instance("nothing-2");
    FIXTURE.run(one);
    FIXTURE.run(two);
    assertThat(FIXTURE.status("-p", one.proxy(), "wait", "standby")).isZero();
    assertThat(FIXTURE.status("-p", two.proxy(), "wait", "standby")).isZero();
  }

  @AfterAll
  static void stop() {
    FIXTURE.close();
  }

  @Test
  void theRoleIsAskedChangedAndShown() {
    assertThat(FIXTURE.status("-p", one.proxy(), "is-active")).isEqualTo(1);
    assertThat(FIXTURE.status("-g", "nothing", "list")).isEqualTo(1);
    assertThat(FIXTURE.status("-p", one.proxy(), "activate")).isZero();
    assertThat(FIXTURE.status("-n", "nothing-1", "is-active")).isZero();

    ChildProcess list = FIXTURE.tool("list", "-g", "nothing");
    assertThat(list.awaitExit(Duration.ofSeconds(1))).as(list.err()).isZero();
    assertThat(list.out())
        .containsPattern("nothing-1 +active")
        .containsPattern("nothing-2 +standby");
    assertThat(FIXTURE.tool("--json", "-n", "nothing-1", "status").out())
        .contains("\"state\":\"active\"", "\"group\":\"nothing\"");
    assertThat(FIXTURE.status("-n", "nothing-1", "wait", "active", "--timeout", "60")).isZero();
    assertThat(FIXTURE.status("-n", "nothing-2", "wait", "active", "--timeout", "3")).isEqualTo(1);

    ChildProcess switched = FIXTURE.tool("switchover", "-g", "nothing");
    assertThat(switched.awaitExit(Duration.ofSeconds(1))).as(switched.err()).isZero();
    assertThat(FIXTURE.status("-n", "nothing-2", "is-active")).isZero();
    assertThat(FIXTURE.status("-n", "nothing-1", "is-active")).isEqualTo(1);
    assertThat(FIXTURE.status("-n", "nothing-2", "promote", "--epoch", "5")).isZero();
    assertThat(FIXTURE.status("-n", "nothing-2", "promote", "--epoch", "3")).isEqualTo(4);
    assertThat(FIXTURE.status("-n", "nothing-2", "demote")).isZero();
    assertThat(FIXTURE.status("-n", "nothing-2", "demote")).isZero();
    assertThat(FIXTURE.status("-g", "nothing", "list")).isEqualTo(1);
  }

  @Test
  void itsOtherNameIsTheToolAndNothingElse() {
    assertThat(other("-p", one.proxy(), "status").out()).contains("instance: nothing-1");
    assertThat(other("run", "Counter").awaitExit(Await.LIMIT)).isEqualTo(3);
  }

  private static ChildProcess other(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Implementation.HOME.resolve("bin/ha-replica").toString());
    command.addAll(List.of(arguments));
    ChildProcess process = FIXTURE.lab.process("ha-replica", command);
    process.awaitExit(Await.LIMIT);
    return process;
  }

  @Test
  void whoDoesNotAnswerIsUnreachable() {
    String nobody = "nobody.Replica:tcp -h 127.0.0.1 -p " + Ports.free();
    for (String command : List.of("is-active", "status", "activate", "promote", "standby")) {
      assertThat(FIXTURE.status("-p", nobody, command)).as(command).isEqualTo(2);
    }
    assertThat(FIXTURE.status("-n", "nobody", "is-active")).isEqualTo(2);
  }

  @Test
  void whatCannotBeMeantIsAUsageError() {
    assertThat(FIXTURE.status()).isEqualTo(3);
    assertThat(FIXTURE.status("dance")).isEqualTo(3);
    assertThat(FIXTURE.status("is-active")).isEqualTo(3);
    assertThat(FIXTURE.status("-p", "::", "is-active")).isEqualTo(3);
    assertThat(other("--locator", "x::y", "-n", "nothing-1", "status").awaitExit(Await.LIMIT))
        .isEqualTo(3);
    assertThat(FIXTURE.status("-p", one.proxy(), "wait", "dancing")).isEqualTo(3);
    assertThat(FIXTURE.status("-p", one.proxy(), "list")).isEqualTo(3);
    assertThat(FIXTURE.status("--timeout", "-1", "-p", one.proxy(), "is-active")).isEqualTo(3);
  }
}
