package dev.firn.model;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PropertySetTest {
  @Test
  void aSetUsedByTwoOthersIsNoCycle() throws Exception {
    SortedMap<String, PropertySetDescriptor> sets = new TreeMap<>();
    sets.put("Bottom", set(List.of(), "b", "1"));
    sets.put("Left", set(List.of("Bottom"), "l", "1"));
    sets.put("Right", set(List.of("Bottom"), "r", "1"));
    sets.put("Top", set(List.of("Left", "Right", "Left"), "t", "1"));

    assertThat(properties(sets, "Top"))
        .extracting(PropertyDescriptor::name)
        .containsExactly("b", "l", "b", "r", "b", "l", "t");
  }

  @Test
  void aCycleIsNamed() {
    SortedMap<String, PropertySetDescriptor> sets = new TreeMap<>();
    sets.put("A", set(List.of("B")));
    sets.put("B", set(List.of("C")));
    sets.put("C", set(List.of("A")));

    assertThatThrownBy(() -> properties(sets, "A"))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("circular dependency with property reference `A': A -> B -> C -> A");
  }

  @Test
  void setsThatDoubleEachOtherAreAnError() {
    SortedMap<String, PropertySetDescriptor> sets = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      sets.put("S" + i, set(List.of("S" + (i + 1), "S" + (i + 1))));
    }
    sets.put("S40", set(List.of(), "p", "1"));

    assertThatThrownBy(() -> properties(sets, "S0"))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("more than 100000 properties");
  }

  @Test
  void manyLevelsOfSetsAreAnErrorNotAnOverflow() {
    SortedMap<String, PropertySetDescriptor> sets = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      sets.put("S" + i, set(List.of("S" + (i + 1))));
    }
    sets.put("S20000", set(List.of(), "p", "1"));

    assertThatThrownBy(() -> properties(sets, "S0"))
        .isInstanceOf(DescriptorException.class)
        .hasMessageContaining("500 deep");
  }

  private static List<PropertyDescriptor> properties(
      SortedMap<String, PropertySetDescriptor> sets, String reference) throws DescriptorException {
    ServerDescriptor server =
        ServerDescriptor.builder("s", "exe")
            .communicator(
                CommunicatorDescriptor.EMPTY.withPropertySet(
                    new PropertySetDescriptor(List.of(reference), List.of())))
            .build();
    ExpandedServer expanded =
        Expansion.expand(
                Applications.of(
                    Map.of("v", ""), List.of(), Map.of("n", Applications.node(server)), sets))
            .servers()
            .get("s");
    return requireNonNull(expanded).descriptor().communicator().propertySet().properties();
  }

  private static PropertySetDescriptor set(List<String> references, String... properties) {
    return new PropertySetDescriptor(references, Applications.properties(properties));
  }
}
