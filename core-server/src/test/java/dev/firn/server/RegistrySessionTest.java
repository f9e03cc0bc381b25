package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.server.RegistrySession.State;
import dev.firn.server.RegistrySessionInput.ConnectWanted;
import dev.firn.server.RegistrySessionInput.ConnectionClosed;
import dev.firn.server.RegistrySessionInput.Ended;
import dev.firn.server.RegistrySessionInput.Failure;
import dev.firn.server.RegistrySessionInput.Granted;
import dev.firn.server.RegistrySessionInput.KeptAlive;
import dev.firn.server.RegistrySessionInput.Tick;
import dev.firn.server.RegistrySessionOutput.Destroy;
import dev.firn.server.RegistrySessionOutput.Established;
import dev.firn.server.RegistrySessionOutput.KeepAlive;
import dev.firn.server.RegistrySessionOutput.Register;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RegistrySessionTest {
  private static final RegistrySessionConfig CONFIG = new RegistrySessionConfig(10_000, 1_000);

  private final RegistrySession session = new RegistrySession(CONFIG, new Random(42), 0);

  @Test
  void registersOnceWanted() {
    assertThat(session.step(5, new ConnectWanted())).containsExactly(new Register(1));
    assertThat(session.step(6, new Granted(1, 30))).containsExactly(new Established(1));
    assertThat(session.state()).isEqualTo(State.CONNECTED);
    assertThat(session.dueMillis()).isBetween(6L + 12_000, 6L + 15_000);
  }

  @Test
  void saysThatItLivesWithinThePeriod() {
    connect();
    long due = session.dueMillis();
    assertThat(session.step(due - 1, new Tick())).isEmpty();
    assertThat(session.step(due, new Tick())).containsExactly(new KeepAlive(1));
    assertThat(session.step(session.dueMillis(), new Tick())).isEmpty();
    session.step(due + 1, new KeptAlive(1));
    assertThat(session.step(session.dueMillis(), new Tick())).containsExactly(new KeepAlive(1));
  }

  @Test
  void asksAtOnceWhenTheConnectionCloses() {
    connect();
    assertThat(session.step(100, new ConnectionClosed(1))).containsExactly(new KeepAlive(1));
    assertThat(session.step(101, new ConnectionClosed(1))).isEmpty();
  }

  @Test
  void registersAgainAtOnceWhenTheSessionIsLost() {
    connect();
    assertThat(session.step(100, new RegistrySessionInput.Lost(1, "gone")))
        .containsExactly(
            new RegistrySessionOutput.Lost(1, "gone"), new Destroy(1), new Register(2));
    assertThat(session.step(101, new KeptAlive(1))).isEmpty();
    assertThat(session.step(102, new Granted(1, 30))).containsExactly(new Destroy(1));
    assertThat(session.state()).isEqualTo(State.CONNECTING);
  }

  @Test
  void triesLessAndLessOftenButAtLeastOnceInAPeriod() {
    session.step(0, new ConnectWanted());
    long now = 0;
    List<Long> delays = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      session.step(now, new RegistrySessionInput.Failed(i, Failure.UNREACHABLE, "refused"));
      delays.add(session.dueMillis() - now);
      now = session.dueMillis();
      assertThat(session.step(now, new Tick())).containsExactly(new Register(i + 1));
    }
    assertThat(delays.get(0)).isBetween(800L, 1_000L);
    assertThat(delays.get(2)).isBetween(3_200L, 4_000L);
    assertThat(delays.get(7)).isBetween(8_000L, 10_000L);
  }

  @Test
  void aNodeOfTheSameNameIsGivenAPeriod() {
    session.step(0, new ConnectWanted());
    session.step(0, new RegistrySessionInput.Failed(1, Failure.NAME_IN_USE, ""));
    assertThat(session.dueMillis()).isBetween(8_000L, 10_000L);
  }

  @Test
  void aRegistryThatAnnouncesItselfDuringAnAttemptIsTriedAgainAtOnce() {
    session.step(0, new ConnectWanted());
    assertThat(session.step(1, new ConnectWanted())).isEmpty();
    assertThat(session.step(2, new RegistrySessionInput.Failed(1, Failure.UNREACHABLE, "")))
        .containsExactly(
            new RegistrySessionOutput.Failed(Failure.UNREACHABLE, ""), new Register(2));
  }

  @Test
  void aSessionGrantedAfterTheEndIsDestroyed() {
    session.step(0, new ConnectWanted());
    assertThat(session.step(1, new Ended())).isEmpty();
    assertThat(session.step(2, new Granted(1, 30))).containsExactly(new Destroy(1));
    assertThat(session.step(3, new ConnectWanted())).isEmpty();
  }

  /** Whatever happens: never two attempts at once, never idle without a time to go on. */
  @Property(seed = "20261122", tries = 500)
  void neverStopsTrying(@ForAll long seed) {
    Random random = new Random(seed);
    RegistrySession tried = new RegistrySession(CONFIG, new Random(seed), 0);
    long now = 0;
    int underWay = 0;
    for (int i = 0; i < 200; i++) {
      now += random.nextInt(4_000);
      long number = Math.max(0, tried.attempt() - random.nextInt(2));
      RegistrySessionInput input =
          switch (random.nextInt(7)) {
            case 0 -> new Tick();
            case 1 -> new ConnectWanted();
            case 2 -> new ConnectionClosed(number);
            case 3 -> new Granted(number, random.nextInt(60) - 10);
            case 4 ->
                new RegistrySessionInput.Failed(
                    number, List.of(Failure.values()).get(random.nextInt(3)), "reason");
            case 5 -> new KeptAlive(number);
            default -> new RegistrySessionInput.Lost(number, "reason");
          };
      if (tried.state() == State.CONNECTING
          && number == tried.attempt()
          && (input instanceof Granted || input instanceof RegistrySessionInput.Failed)) {
        underWay--;
      }
      for (RegistrySessionOutput output : tried.step(now, input)) {
        underWay += output instanceof Register ? 1 : 0;
      }
      assertThat(underWay).isEqualTo(tried.state() == State.CONNECTING ? 1 : 0);
      if (tried.state() != State.CONNECTING) {
        assertThat(tried.dueMillis()).isLessThanOrEqualTo(now + tried.periodMillis());
      }
    }
  }

  private void connect() {
    session.step(0, new ConnectWanted());
    session.step(0, new Granted(1, 30));
  }
}
