package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What {@code bin/firn} itself says. */
@FirnOnly
class LauncherTest {
  private final Lab lab = new Lab();

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void withoutARoleTheUsageIsADiagnosis() {
    ChildProcess firn = lab.firn();
    assertThat(firn.awaitExit(Await.LIMIT)).isEqualTo(2);
    assertThat(firn.out()).isEmpty();
    assertThat(firn.err()).startsWith("Usage: firn ROLE [options]");
  }

  @Test
  void anUnknownRoleIsNamedBeforeTheUsage() {
    ChildProcess firn = lab.firn("regsitry", "--version");
    assertThat(firn.awaitExit(Await.LIMIT)).isEqualTo(2);
    assertThat(firn.out()).isEmpty();
    assertThat(firn.err()).startsWith("firn: unknown role `regsitry'\nUsage: firn ROLE [options]");
  }

  @Test
  void askedForTheUsageIsTheAnswer() {
    for (String option : new String[] {"help", "-h", "--help"}) {
      ChildProcess firn = lab.firn(option);
      assertThat(firn.awaitExit(Await.LIMIT)).isZero();
      assertThat(firn.out())
          .contains("registry", "admin", "db", "up", "demo", "bench", "component");
      assertThat(firn.err()).isEmpty();
    }
  }

  @Test
  void aMistakeInARolesOptionsIsAUsageError() {
    for (String role : new String[] {"up", "demo"}) {
      ChildProcess firn = lab.firn(role, "--no-such-option");
      assertThat(firn.awaitExit(Await.LIMIT)).isEqualTo(2);
      assertThat(firn.out()).isEmpty();
      assertThat(firn.err()).contains("--no-such-option", "Usage: firn " + role);
    }
  }
}
