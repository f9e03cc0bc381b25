package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.server.PlacementOutput.Activate;
import dev.firn.server.PlacementOutput.Answer;
import dev.firn.server.PlacementOutput.Ask;
import dev.firn.server.PlacementOutput.Fail;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PlacementRequestTest {
  @Test
  void chosenMemberThatIsActiveIsTheAnswer() {
    PlacementRequest request = new PlacementRequest(3, 1);
    assertThat(request.start()).containsExactly(new Ask(0));
    assertThat(request.active(0)).containsExactly(new Answer(List.of(0)));
    assertThat(request.answered()).isTrue();
  }

  @Test
  void idleGroupStartsOneServerForOneClient() {
    PlacementRequest request = new PlacementRequest(3, 1);
    request.start();
    assertThat(request.inactive(0)).containsExactly(new Activate(0), new Ask(1));
    assertThat(request.inactive(1)).containsExactly(new Ask(2));
    assertThat(request.inactive(2)).isEmpty();
    assertThat(request.active(0)).containsExactly(new Answer(List.of(0)));
  }

  @Test
  void activeMemberIsNotKeptWaitingForTheChosenOneThatStarts() {
    PlacementRequest request = new PlacementRequest(2, 1);
    request.start();
    assertThat(request.inactive(0)).containsExactly(new Activate(0), new Ask(1));
    assertThat(request.active(1)).containsExactly(new Answer(List.of(1)));
    assertThat(request.active(0)).as("the answer is out").isEmpty();
  }

  @Test
  void serverThatDoesNotStartIsReplacedByTheNext() {
    PlacementRequest request = new PlacementRequest(2, 1);
    request.start();
    request.inactive(0);
    assertThat(request.inactive(1)).isEmpty();
    assertThat(request.failed(0)).containsExactly(new Activate(1));
    assertThat(request.failed(1)).containsExactly(new Fail(OptionalInt.of(0)));
  }

  @Test
  void whatSomebodyElseStartsIsWaitedForAndNothingElseIsStarted() {
    PlacementRequest request = new PlacementRequest(2, 1);
    request.start();
    assertThat(request.starting(0)).containsExactly(new Activate(0), new Ask(1));
    assertThat(request.inactive(1)).isEmpty();
    assertThat(request.active(0)).containsExactly(new Answer(List.of(0)));
  }

  @Test
  void answerIsInThePolicysOrderWhateverOrderTheAnswersCameIn() {
    PlacementRequest request = new PlacementRequest(3, 2);
    assertThat(request.start()).containsExactly(new Ask(0), new Ask(1));
    assertThat(request.active(1)).isEmpty();
    assertThat(request.active(0)).containsExactly(new Answer(List.of(0, 1)));
  }

  @Test
  void silentMemberHoldsNobodyUp() {
    PlacementRequest request = new PlacementRequest(2, 2);
    request.start();
    request.active(1);
    assertThat(request.slow(0)).containsExactly(new Answer(List.of(1)));
  }

  @Test
  void silentMemberIsWaitedForIfThereIsNoOther() {
    PlacementRequest request = new PlacementRequest(1, 1);
    request.start();
    assertThat(request.slow(0)).isEmpty();
    assertThat(request.active(0)).containsExactly(new Answer(List.of(0)));
  }

  @Test
  void emptyGroupFailsAtOnce() {
    assertThat(new PlacementRequest(0, 1).start()).containsExactly(new Fail(OptionalInt.empty()));
  }

  /** What a member does when it is asked and started. */
  private enum Behaviour {
    ACTIVE,
    STARTS,
    DOES_NOT_START,
    STARTED_BY_ANOTHER,
    FAILED_BY_ANOTHER,
    REFUSES,
    SILENT_THEN_ACTIVE,
    SILENT_THEN_STARTS,
    SILENT_THEN_REFUSES;

    boolean serves() {
      return switch (this) {
        case ACTIVE, STARTS, STARTED_BY_ANOTHER, SILENT_THEN_ACTIVE, SILENT_THEN_STARTS -> true;
        default -> false;
      };
    }

    boolean silent() {
      return name().startsWith("SILENT");
    }
  }

  @Provide
  Arbitrary<List<Behaviour>> groups() {
    return Arbitraries.of(Behaviour.class).list().ofMaxSize(6);
  }

  @Property(tries = 20_000, seed = "20261122")
  void requestsEndWithTheRightMembersHoweverAnswersAreOrdered(
      @ForAll("groups") List<Behaviour> group,
      @ForAll @IntRange(min = 1, max = 7) int count,
      @ForAll long schedule) {
    new Play(group, count, new Random(schedule)).run();
  }

  /** One request, its members' answers in a random order. */
  private static final class Play {
    private final List<Behaviour> group;
    private final int count;
    private final Random random;
    private final PlacementRequest request;
    private final List<Runnable> pending = new ArrayList<>();
    private final TreeSet<Integer> asked = new TreeSet<>();
    private final TreeSet<Integer> activated = new TreeSet<>();
    private final TreeSet<Integer> active = new TreeSet<>();
    private final TreeSet<Integer> slow = new TreeSet<>();
    private int startedByUs;
    private int failures;
    private @Nullable Answer answer;
    private @Nullable Fail failure;

    Play(List<Behaviour> group, int count, Random random) {
      this.group = group;
      this.count = Math.min(count, group.size());
      this.random = random;
      request = new PlacementRequest(group.size(), count);
    }

    void run() {
      perform(request.start());
      while (!pending.isEmpty()) {
        pending.remove(random.nextInt(pending.size())).run();
        assertThat(startedByUs).isLessThanOrEqualTo(count + failures + slow.size());
      }
      assertThat(request.answered()).as("no request hangs").isTrue();
      if (answer != null) {
        assertThat(answer.members()).isSorted().doesNotHaveDuplicates().isSubsetOf(active);
        assertThat(answer.members()).hasSizeBetween(1, count);
      }
      long wouldServe = group.stream().filter(Behaviour::serves).count();
      if (failure != null) {
        assertThat(wouldServe).isZero();
        assertThat(asked).as("all were tried").hasSize(group.size());
        assertThat(failure.first().isPresent()).isEqualTo(!group.isEmpty());
      } else if (answer != null && answer.members().size() < count) {
        List<Integer> missing = new ArrayList<>();
        for (int member = 0; member < group.size(); member++) {
          if (group.get(member).serves() && !group.get(member).silent()) {
            missing.add(member);
          }
        }
        assertThat(answer.members()).containsAll(missing);
      }
    }

    private void perform(List<PlacementOutput> outputs) {
      for (PlacementOutput output : outputs) {
        if (output instanceof Ask ask) {
          assertThat(asked.add(ask.member())).as("asked once").isTrue();
          asked(ask.member());
        } else if (output instanceof Activate activate) {
          assertThat(activated.add(activate.member())).as("started once").isTrue();
          activate(activate.member());
        } else if (output instanceof Answer given) {
          assertThat(answer).isNull();
          assertThat(failure).isNull();
          answer = given;
        } else if (output instanceof Fail given) {
          assertThat(answer).isNull();
          assertThat(failure).isNull();
          failure = given;
        }
      }
    }

    private void asked(int member) {
      Behaviour behaviour = group.get(member);
      Runnable says =
          switch (behaviour) {
            case ACTIVE, SILENT_THEN_ACTIVE -> () -> active(member);
            case STARTS, DOES_NOT_START, SILENT_THEN_STARTS ->
                () -> perform(request.inactive(member));
            case STARTED_BY_ANOTHER, FAILED_BY_ANOTHER -> () -> perform(request.starting(member));
            case REFUSES, SILENT_THEN_REFUSES -> () -> failed(member);
          };
      if (behaviour.silent()) {
        pending.add(
            () -> {
              slow.add(member);
              pending.add(says);
              perform(request.slow(member));
            });
      } else {
        pending.add(says);
      }
    }

    private void activate(int member) {
      switch (group.get(member)) {
        case STARTS, SILENT_THEN_STARTS -> {
          startedByUs++;
          pending.add(() -> active(member));
        }
        case STARTED_BY_ANOTHER -> pending.add(() -> active(member));
        case DOES_NOT_START -> {
          startedByUs++;
          pending.add(() -> failed(member));
        }
        case FAILED_BY_ANOTHER -> pending.add(() -> failed(member));
        default -> throw new AssertionError("nothing to start: " + member);
      }
    }

    private void active(int member) {
      active.add(member);
      perform(request.active(member));
    }

    private void failed(int member) {
      failures++;
      perform(request.failed(member));
    }
  }
}
