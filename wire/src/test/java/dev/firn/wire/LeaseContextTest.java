package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseContextTest {
  @Test
  void bothSidesReadItAlike() {
    Map<String, String> context = LeaseContext.of(OptionalLong.of(300), 17);
    assertThat(LeaseContext.fallbackAfterSeconds(context)).hasValue(300);
    assertThat(LeaseContext.configurationRevision(context)).isEqualTo(17);
  }

  @Test
  void whoSaysNothingHasNoConfigurationAndLeavesTheRestToTheRegistry() {
    assertThat(LeaseContext.of(OptionalLong.empty(), 1)).hasSize(1);
    assertThat(LeaseContext.fallbackAfterSeconds(Map.of())).isEmpty();
    assertThat(LeaseContext.configurationRevision(Map.of())).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "soon", "99999999999999999999"})
  void nonsenseIsNothing(String text) {
    Map<String, String> context =
        Map.of("ha.fallbackAfter", text, "ha.configurationRevision", text);
    assertThat(LeaseContext.fallbackAfterSeconds(context)).isEmpty();
    assertThat(LeaseContext.configurationRevision(context)).isZero();
  }
}
