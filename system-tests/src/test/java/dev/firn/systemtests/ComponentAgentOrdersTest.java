package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.systemtests.ComponentFixture.Instance;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent ocf:ice:replica: every action in every state, one behind every other. */
@FirnOnly
class ComponentAgentOrdersTest {
  private static final Path AGENT = Implementation.HOME.resolve("cluster/replica");
  private static final Path TESTER = Path.of("/usr/sbin/ocf-tester");
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration TESTER_LIMIT = Duration.ofMinutes(6);
  private static final int NOT_RUNNING = 7;
  private static final int PROMOTED = 8;

  /** What the agent finds. */
  private enum State {
    STOPPED,
    STANDBY,
    ACTIVE
  }

  /** What it is told to do, what comes of it, and the code for that. */
  private enum Action {
    START("start") {
      @Override
      State next(State state) {
        return state == State.STOPPED ? State.STANDBY : state;
      }

      @Override
      int code(State state) {
        return 0;
      }
    },
    STOP("stop") {
      @Override
      State next(State state) {
        return State.STOPPED;
      }

      @Override
      int code(State state) {
        return 0;
      }
    },
    MONITOR("monitor") {
      @Override
      State next(State state) {
        return state;
      }

      @Override
      int code(State state) {
        return switch (state) {
          case STOPPED -> NOT_RUNNING;
          case STANDBY -> 0;
          case ACTIVE -> PROMOTED;
        };
      }
    },
    PROMOTE("promote") {
      @Override
      State next(State state) {
        return state == State.STOPPED ? state : State.ACTIVE;
      }

      @Override
      int code(State state) {
        return state == State.STOPPED ? NOT_RUNNING : 0;
      }
    },
    DEMOTE("demote") {
      @Override
      State next(State state) {
        return state == State.STOPPED ? state : State.STANDBY;
      }

      @Override
      int code(State state) {
        return state == State.STOPPED ? NOT_RUNNING : 0;
      }
    };

    private final String word;

    Action(String word) {
      this.word = word;
    }

    abstract State next(State state);

    abstract int code(State state);
  }

  private final ComponentFixture fixture = new ComponentFixture();
  private final Map<String, String> environment = new TreeMap<>();

  @BeforeEach
  void start() {
    fixture.locator();
    Instance instance = fixture.instance("nothing-1");
    String command =
        Implementation.HOME.resolve("bin/firn")
            + " '"
            + String.join("' '", instance.arguments())
            + "'";
    environment.put("HA_RSCTMP", fixture.lab.directory().toString());
    environment.put("OCF_RESKEY_instance", "nothing-1");
    environment.put("OCF_RESKEY_proxy", instance.proxy());
    environment.put("OCF_RESKEY_http", instance.health());
    environment.put("OCF_RESKEY_start_cmd", command);
    environment.put("OCF_RESKEY_firn", Implementation.HOME.resolve("bin/firn").toString());
    environment.put("OCF_RESKEY_probe", Implementation.HOME.resolve("cluster/ha-probe").toString());
    environment.put("OCF_RESKEY_log", fixture.lab.directory().resolve("instance.log").toString());
  }

  @AfterEach
  void stop() {
    agent(Action.STOP);
    fixture.close();
  }

  private int agent(Action action) {
    return fixture
        .lab
        .process(action.word, List.of(AGENT.toString(), action.word), environment)
        .awaitExit(LIMIT);
  }

  @Test
  void everyActionBehindEveryOtherHasItsCode() {
    State state = State.STOPPED;
    List<String> done = new ArrayList<>();
    for (Action action : walk()) {
      assertThat(agent(action))
          .as("%s in %s after %s", action, state, done)
          .isEqualTo(action.code(state));
      state = action.next(state);
      done.add(action.word);
    }
  }

  /** An action in a state, or behind another one. */
  private record Pair(Enum<?> before, Action action) {}

  /**
   * A short way on which each action is taken in each state, and behind each other action: always
   * the one that brings most that is new.
   */
  private static List<Action> walk() {
    Set<Pair> left = new LinkedHashSet<>();
    for (Action action : Action.values()) {
      for (State state : State.values()) {
        left.add(new Pair(state, action));
      }
      for (Action before : Action.values()) {
        left.add(new Pair(before, action));
      }
    }
    List<Action> way = new ArrayList<>();
    State state = State.STOPPED;
    Action last = Action.STOP;
    while (!left.isEmpty()) {
      Action best = best(left, state, last);
      left.remove(new Pair(state, best));
      left.remove(new Pair(last, best));
      way.add(best);
      state = best.next(state);
      last = best;
      assertThat(way).as("a way through all").hasSizeLessThan(200);
    }
    return way;
  }

  private static Action best(Set<Pair> left, State state, Action last) {
    return Arrays.stream(Action.values())
        .max(Comparator.comparingInt(action -> gain(left, state, last, action)))
        .orElseThrow();
  }

  /** What is new at once counts most, then what is left to do from there. */
  private static int gain(Set<Pair> left, State state, Action last, Action action) {
    int now =
        (left.contains(new Pair(state, action)) ? 20 : 0)
            + (left.contains(new Pair(last, action)) ? 20 : 0);
    return now
        + (int)
            left.stream()
                .filter(pair -> pair.before() == action.next(state) || pair.before() == action)
                .count();
  }

  @Test
  void resourceAgentsTesterIsContent() {
    if (!Files.isExecutable(TESTER)) {
      Peers.missing("ocf-tester is not installed (Debian: resource-agents)");
    }
    List<String> command = new ArrayList<>(List.of(TESTER.toString(), "-n", "nothing-1"));
    environment.forEach(
        (name, value) -> {
          if (name.startsWith("OCF_RESKEY_") && !name.endsWith("start_cmd")) {
            command.addAll(List.of("-o", name.substring("OCF_RESKEY_".length()) + "=" + value));
          }
        });
    // It takes no value with quotes in it.
    String start =
        fixture
            .lab
            .write("start", "#!/bin/sh\nexec " + environment.get("OCF_RESKEY_start_cmd") + "\n")
            .toString();
    command.addAll(List.of("-o", "start_cmd=sh " + start, AGENT.toString()));
    ChildProcess tester =
        fixture.lab.process(
            "tester", command, Map.of("HA_RSCTMP", fixture.lab.directory().toString()));
    assertThat(tester.awaitExit(TESTER_LIMIT)).as(tester.out() + tester.err()).isZero();
    assertThat(tester.out()).contains("passed all tests");
  }
}
