package dev.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void medianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Spread.of(List.of(30.0, 10.0, 20.0))).isEqualTo(new Spread(20, 10, 30));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheTwoMiddleOnes() {
    assertThat(Spread.of(List.of(4.0, 1.0, 3.0, 100.0))).isEqualTo(new Spread(3.5, 1, 100));
  }

  @Test
  void oneValueIsItsOwnSpread() {
    assertThat(Spread.of(List.of(7.0))).isEqualTo(new Spread(7, 7, 7));
  }

  @Test
  void noValuesHaveNoSpread() {
    assertThatThrownBy(() -> Spread.of(List.of())).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ratiosAreTakenWithinARound() {
    // The machine is half as fast in the second round; the ratio does not show it.
    var spread = Spread.ofRatios(List.of(200.0, 100.0), List.of(100.0, 50.0));
    assertThat(spread).isEqualTo(new Spread(2, 2, 2));
  }

  @Test
  void ratiosNeedTheSameRounds() {
    assertThatThrownBy(() -> Spread.ofRatios(List.of(1.0), List.of(1.0, 2.0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 and 2");
  }

  @Property(seed = "20261122")
  void halfOfTheValuesLieOnEachSideOfTheMedian(
      @ForAll @NotEmpty List<@DoubleRange(min = 0, max = 1e9) Double> values) {
    var spread = Spread.of(values);
    long below = values.stream().filter(value -> value <= spread.median()).count();
    long above = values.stream().filter(value -> value >= spread.median()).count();
    assertThat(2 * below).isGreaterThanOrEqualTo(values.size());
    assertThat(2 * above).isGreaterThanOrEqualTo(values.size());
    assertThat(spread.min()).isLessThanOrEqualTo(spread.median());
    assertThat(spread.max()).isGreaterThanOrEqualTo(spread.median());
  }

  @Property(seed = "20261122")
  void aSeriesIsOnceItself(@ForAll @NotEmpty List<@DoubleRange(min = 1, max = 1e9) Double> values) {
    assertThat(Spread.ofRatios(values, values).median()).isEqualTo(1, within(1e-9));
  }
}
