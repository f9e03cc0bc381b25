package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChildEnvironmentTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "plain|plain",
        "a$HOME/b|a/root/b",
        "a${HOME}b|a/rootb",
        "$UNKNOWN-x|-x",
        "a$-b|a-b",
        "end$|end$",
        "a${HOME|a${HOME",
        "$A|$HOME",
        "$$HOME|/root",
        "a}${HOME}|a}/root",
      })
  void expandsOnce(String value, String expanded) {
    Map<String, String> node = Map.of("HOME", "/root", "A", "$HOME");
    assertThat(ChildEnvironment.expand(value, name -> node.getOrDefault(name, "")))
        .isEqualTo(expanded);
  }

  @Test
  void laterEntriesWinAndSeeOnlyTheNodesEnvironment() throws LaunchException {
    Map<String, String> environment = new TreeMap<>(Map.of("A", "1", "GONE", "x"));
    ChildEnvironment.apply(environment, List.of("A=2", "B=$A", "GONE", "C=ä", "C=ö€", "D="));
    assertThat(environment)
        .containsOnly(
            Map.entry("A", "2"), Map.entry("B", "1"), Map.entry("C", "ö€"), Map.entry("D", ""));
  }

  @Test
  void entriesThatTheSystemCannotHaveAreRefused() {
    for (String entry : List.of("A=x\0y", "A\0B=x")) {
      assertThatThrownBy(() -> ChildEnvironment.apply(new TreeMap<>(), List.of(entry)))
          .isInstanceOf(LaunchException.class)
          .hasMessage("cannot set environment variable `" + entry + "': Invalid argument");
    }
  }

  /** As with the reference, where a name may come from a variable that is empty. */
  @Test
  void anEntryWithoutNameStopsNothing() throws LaunchException {
    Map<String, String> environment = new TreeMap<>();
    ChildEnvironment.apply(environment, List.of("=x", "A=1"));
    assertThat(environment).containsOnly(Map.entry("", "x"), Map.entry("A", "1"));
  }

  @Test
  void serversGetTheLocaleAsItWasAndNothingOfTheLauncher() {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of("LC_ALL", "C.UTF-8", "FIRN_LC_ALL", "", "FIRN_READY_PIPE", "/p", "LANG", "C"));
    ChildEnvironment.prepare(environment);
    assertThat(environment).containsOnly(Map.entry("LANG", "C"));
  }
}
