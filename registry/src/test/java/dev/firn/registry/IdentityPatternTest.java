package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;

class IdentityPatternTest {
  @Test
  void starStandsForAnyTextAnywhere() {
    assertThat(new IdentityPattern("a*").matches("a")).isTrue();
    assertThat(new IdentityPattern("*a").matches("bba")).isTrue();
    assertThat(new IdentityPattern("a*c").matches("abbc")).isTrue();
    assertThat(new IdentityPattern("a*c").matches("abbd")).isFalse();
    assertThat(new IdentityPattern("*").matches("")).isTrue();
  }

  @Test
  void prefixAndSuffixDoNotShareText() {
    assertThat(new IdentityPattern("aba*ba").matches("aba")).isFalse();
    assertThat(new IdentityPattern("aba*ba").matches("ababa")).isTrue();
  }

  @Test
  void withoutStarOnlyTheSameTextMatches() {
    assertThat(new IdentityPattern("a").matches("a")).isTrue();
    assertThat(new IdentityPattern("a").matches("ab")).isFalse();
  }

  @Property(seed = "20261122")
  void matchesAsARegularExpressionWould(
      @ForAll @CharRange(from = 'a', to = 'c') String prefix,
      @ForAll @CharRange(from = 'a', to = 'c') String suffix,
      @ForAll @CharRange(from = 'a', to = 'c') String identity) {
    assertThat(new IdentityPattern(prefix + "*" + suffix).matches(identity))
        .isEqualTo(identity.matches(prefix + ".*" + suffix));
  }
}
