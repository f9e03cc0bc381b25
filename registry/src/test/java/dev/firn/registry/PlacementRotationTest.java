package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PlacementRotationTest {
  @Test
  void membersTakeTurns() {
    PlacementRotation rotation = new PlacementRotation();
    assertThat(turns(rotation, 3, 5)).containsExactly(0, 1, 2, 0, 1);
  }

  @Test
  void turnGoesOnWhereItWasWhenMembersComeAndGo() {
    PlacementRotation rotation = new PlacementRotation();
    assertThat(turns(rotation, 3, 2)).containsExactly(0, 1);
    assertThat(turns(rotation, 2, 2)).containsExactly(0, 1);
    assertThat(turns(rotation, 4, 5)).containsExactly(0, 1, 2, 3, 0);
  }

  @Property(seed = "20261122")
  void thoseThatCanServeHaveEvenTurnsWhoeverCannot(
      @ForAll @Size(min = 1, max = 7) List<Boolean> canServe,
      @ForAll @IntRange(max = 6) int before,
      @ForAll @IntRange(min = 1, max = 5) int rounds) {
    int able = (int) canServe.stream().filter(Boolean::booleanValue).count();
    PlacementRotation rotation = new PlacementRotation();
    turns(rotation, canServe.size(), before);
    int[] count = new int[canServe.size()];
    int requests = rounds * Math.max(1, able);
    for (int i = 0; i < requests; i++) {
      count[rotation.take(canServe.size(), canServe::get)]++;
    }
    for (int member = 0; member < count.length && able > 0; member++) {
      assertThat(count[member]).isEqualTo(canServe.get(member) ? rounds : 0);
    }
  }

  @Property(seed = "20261122")
  void turnsAreEvenAlsoWhereAMemberTurnsOutUselessOnlyWhenAsked(
      @ForAll @Size(min = 2, max = 7) List<Boolean> answers,
      @ForAll @IntRange(min = 1, max = 5) int rounds) {
    int size = answers.size();
    int able = (int) answers.stream().filter(Boolean::booleanValue).count();
    if (able == 0) {
      return;
    }
    PlacementRotation rotation = new PlacementRotation();
    int[] count = new int[size];
    for (int i = 0; i < rounds * able; i++) {
      int taken = rotation.take(size, member -> true);
      int served = taken;
      while (!answers.get(served)) {
        served = (served + 1) % size;
      }
      if (served != taken) {
        rotation.servedBy(taken, served, size);
      }
      count[served]++;
    }
    for (int member = 0; member < size; member++) {
      assertThat(count[member]).isEqualTo(answers.get(member) ? rounds : 0);
    }
  }

  @Test
  void noTurnIsLostOrGivenTwiceHoweverRequestsOverlap() throws Exception {
    PlacementRotation rotation = new PlacementRotation();
    int threads = 4;
    int each = 30_000;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<int[]>> counts = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        counts.add(
            pool.submit(
                () -> {
                  int[] count = new int[3];
                  for (int i = 0; i < each; i++) {
                    count[rotation.take(3, member -> true)]++;
                  }
                  return count;
                }));
      }
      int[] total = new int[3];
      for (Future<int[]> count : counts) {
        int[] part = count.get(60, TimeUnit.SECONDS);
        for (int member = 0; member < 3; member++) {
          total[member] += part[member];
        }
      }
      assertThat(total).containsOnly(threads * each / 3);
    } finally {
      pool.shutdownNow();
    }
  }

  private static List<Integer> turns(PlacementRotation rotation, int members, int number) {
    List<Integer> turns = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      turns.add(rotation.take(members, member -> true));
    }
    return turns;
  }
}
