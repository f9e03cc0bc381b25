package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sessions that nobody keeps alive, with the shortest time-out there is: 10 seconds. */
@EachImplementation
class SessionReapingTest {
  private Implementation implementation;

  @Initializer
  void start(Implementation implementation) {
    this.implementation = implementation;
  }

  private static final Duration REAPED_WITHIN = Duration.ofSeconds(90);

  @Test
  void onlySilentSessionsAreReaped() {
    try (Lab lab = new Lab()) {
      RegistryProcess registry =
          lab.registry(implementation)
              .with("IceGrid.Registry.SessionTimeout", "3")
              // The connection must outlive the session, else its closure would end the session.
              .with("IceGrid.Registry.Client.ACM.Timeout", "300")
              .with("IceGrid.Registry.Client.ACM.Close", "0")
              .start();
      String[] silent = {"Ice.ACM.Close=0", "Ice.ACM.Heartbeat=0"};
      long start = System.nanoTime();
      AdminSession forgotten = lab.client(silent).adminSession(registry, "forgotten");
      AdminSession kept = lab.client(silent).adminSession(registry, "kept");
      AdminSession beating = lab.client(silent).adminSession(registry, "beating");
      beating.session().heartbeat(2);

      Await.until(
          "the forgotten session is reaped",
          REAPED_WITHIN,
          () -> {
            kept.session().call("keepAlive");
            return registry.console().contains("admin session `forgotten' destroyed");
          });
      // Values below ten are raised to ten.
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofSeconds(9));
      assertThat(forgotten.session().failure("keepAlive").type())
          .isEqualTo("Ice.ObjectNotExistException");
      assertThat(beating.session().call("getReplicaName").text()).isEqualTo("Master");
      assertThat(kept.session().call("getReplicaName").text()).isEqualTo("Master");
    }
  }

  @Test
  void clientSessionsAreReapedToo() {
    try (Lab lab = new Lab()) {
      RegistryProcess registry =
          lab.registry(implementation)
              .with("IceGrid.Registry.SessionTimeout", "10")
              .with("IceGrid.Registry.Client.ACM.Timeout", "300")
              .with("IceGrid.Registry.Client.ACM.Close", "0")
              .start();
      IceClient visitor = lab.client("Ice.ACM.Close=0", "Ice.ACM.Heartbeat=0");
      Json session = visitor.registry(registry).call("createSession", "visitor", "x");
      Await.until(
          "the client session is reaped",
          REAPED_WITHIN,
          () -> registry.console().contains("client session `visitor' destroyed"));
      assertThat(visitor.at("IceGrid.Session", session).failure("keepAlive").type())
          .isEqualTo("Ice.ObjectNotExistException");
    }
  }

  @Test
  void withoutTimeoutNothingIsReaped() {
    try (Lab lab = new Lab()) {
      RegistryProcess registry =
          lab.registry(implementation).with("IceGrid.Registry.SessionTimeout", "0").start();
      IceClient client = lab.client();
      assertThat(client.registry(registry).call("getSessionTimeout").number()).isZero();
      client.adminSession(registry).session().call("keepAlive");
    }
  }
}
