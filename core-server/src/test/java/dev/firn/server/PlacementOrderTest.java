package dev.firn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.firn.model.LoadBalancingPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class PlacementOrderTest {
  @Property(seed = "20261122")
  void everyMemberIsInEveryOrderOnce(
      @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> values, @ForAll long seed) {
    int[] priorities = values.stream().mapToInt(Integer::intValue).toArray();
    double[] loads = values.stream().mapToDouble(Integer::doubleValue).toArray();
    Random random = new Random(seed);
    isPermutation(PlacementOrder.shuffled(values.size(), random), values.size());
    isPermutation(PlacementOrder.byPriority(priorities), values.size());
    isPermutation(PlacementOrder.byLoad(loads, random), values.size());
    isPermutation(PlacementOrder.rotated(values.size(), 0), values.size());
  }

  @Property(seed = "20261122")
  void prioritiesAscendAndEqualsKeepTheirOrder(
      @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> values) {
    int[] priorities = values.stream().mapToInt(Integer::intValue).toArray();
    int[] expected =
        IntStream.range(0, priorities.length)
            .boxed()
            .sorted((a, b) -> Integer.compare(priorities[a], priorities[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    assertThat(PlacementOrder.byPriority(priorities)).containsExactly(expected);
  }

  @Property(seed = "20261122")
  void loadsAscend(
      @ForAll @Size(max = 8) List<@IntRange(max = 3) Integer> values, @ForAll long seed) {
    double[] loads = values.stream().mapToDouble(Integer::doubleValue).toArray();
    int[] order = PlacementOrder.byLoad(loads, new Random(seed));
    assertThat(Arrays.stream(order).mapToDouble(member -> loads[member]).toArray()).isSorted();
  }

  @Test
  void everyOrderIsAsLikelyAsAnother() {
    Random random = new Random(20261122);
    int[] first = new int[3];
    int[] last = new int[3];
    for (int i = 0; i < 30_000; i++) {
      int[] order = PlacementOrder.shuffled(3, random);
      first[order[0]]++;
      last[order[2]]++;
    }
    for (int member = 0; member < 3; member++) {
      assertThat(first[member]).isCloseTo(10_000, within(400));
      assertThat(last[member]).isCloseTo(10_000, within(400));
    }
  }

  @Test
  void membersOfEqualLoadAreChosenAlike() {
    Random random = new Random(20261122);
    int[] first = new int[3];
    for (int i = 0; i < 20_000; i++) {
      first[PlacementOrder.byLoad(new double[] {0.5, 0.9, 0.5}, random)[0]]++;
    }
    assertThat(first[0]).isCloseTo(10_000, within(400));
    assertThat(first[1]).isZero();
  }

  @Test
  void policyIsReadAsItsTextsMean() {
    assertThat(policy("2", "").count(5)).isEqualTo(2);
    assertThat(policy("0", "").count(5)).isEqualTo(5);
    assertThat(policy("-3", "").count(5)).isEqualTo(1);
    assertThat(policy("many", "").count(5)).isEqualTo(5);
    assertThat(policy("7", "").count(5)).isEqualTo(5);
    assertThat(policy("1", "").sample()).isEqualTo(PlacementLoad.Sample.ONE);
    assertThat(policy("1", "5").sample()).isEqualTo(PlacementLoad.Sample.FIVE);
    assertThat(policy("1", "15").sample()).isEqualTo(PlacementLoad.Sample.FIFTEEN);
    assertThat(PlacementOrder.priority("-4")).isEqualTo(-4);
    assertThat(PlacementOrder.priority("high")).isZero();
  }

  @Test
  void loadIsTheAverageTimesTheFactor() {
    assertThat(PlacementLoad.of(2.0, PlacementLoad.factor(""), 4, false)).isEqualTo(0.5);
    assertThat(PlacementLoad.of(2.0, PlacementLoad.factor(""), 4, true)).isEqualTo(2.0);
    assertThat(PlacementLoad.of(2.0, PlacementLoad.factor("3"), 4, false)).isEqualTo(6.0);
    assertThat(PlacementLoad.of(2.0, PlacementLoad.factor("-1"), 4, false)).isEqualTo(0.5);
    assertThat(PlacementLoad.of(2.0, PlacementLoad.factor("half"), 0, false)).isEqualTo(2.0);
    assertThat(PlacementLoad.of(-1, PlacementLoad.factor("7"), 4, false))
        .as("factor not applied")
        .isEqualTo(1.0);
  }

  private static PlacementPolicy policy(String replicas, String sample) {
    LoadBalancingPolicy.Type type =
        sample.isEmpty() ? LoadBalancingPolicy.Type.RANDOM : LoadBalancingPolicy.Type.ADAPTIVE;
    return PlacementPolicy.of(new LoadBalancingPolicy(type, replicas, sample));
  }

  private static void isPermutation(int[] order, int size) {
    assertThat(order).hasSize(size);
    assertThat(Arrays.stream(order).sorted().toArray())
        .containsExactly(IntStream.range(0, size).toArray());
  }
}
