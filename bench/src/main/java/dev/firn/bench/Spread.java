package dev.firn.bench;

import java.util.ArrayList;
import java.util.List;

/** The middle and the ends of a series of measurements. */
record Spread(double median, double min, double max) {

  /**
   * @param values at least one
   */
  static Spread of(List<Double> values) {
    if (values.isEmpty()) {
      throw new IllegalArgumentException("no values");
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
  }

  /**
   * The ratio round by round: what disturbs the machine disturbs neighbours in time alike, so a
   * ratio within a round says more than one of the medians.
   *
   * @param values as many as there are in {@code base}, of the same rounds
   */
  static Spread ofRatios(List<Double> values, List<Double> base) {
    if (values.size() != base.size()) {
      throw new IllegalArgumentException("rounds differ: " + values.size() + " and " + base.size());
    }
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < values.size(); round++) {
      ratios.add(values.get(round) / base.get(round));
    }
    return of(ratios);
  }
}
