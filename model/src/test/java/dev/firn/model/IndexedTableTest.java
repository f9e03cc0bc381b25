package dev.firn.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** An indexed table against a map that is searched. */
final class IndexedTableTest {
  private record Row(String key, String attribute, int value) {}

  private record Step(boolean plus, Row row) {}

  private static IndexedTable<String, Row> empty() {
    return IndexedTable.empty(Row::key, Row::attribute);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<String> keys = Arbitraries.of("a", "b", "c", "d", "e", "f");
    Arbitrary<String> attributes = Arbitraries.of("", "x", "y", "z");
    Arbitrary<Row> rows =
        Combinators.combine(keys, attributes, Arbitraries.integers().between(0, 2)).as(Row::new);
    return Combinators.combine(Arbitraries.of(true, true, false), rows)
        .as(Step::new)
        .list()
        .ofMaxSize(40);
  }

  @Property(seed = "20261122")
  void itAnswersLikeAMapThatIsSearched(@ForAll("steps") List<Step> steps) {
    IndexedTable<String, Row> table = empty();
    Map<String, Row> naive = new TreeMap<>();
    for (Step step : steps) {
      IndexedTable<String, Row> before = table;
      List<Row> rowsBefore = List.copyOf(before.all());
      if (step.plus) {
        table = table.plus(step.row);
        naive.put(step.row.key, step.row);
      } else {
        table = table.minus(step.row.key);
        naive.remove(step.row.key);
      }
      requireSame(table, naive);
      assertThat(before.all()).containsExactlyElementsOf(rowsBefore); // immutable
    }
  }

  @Property(seed = "20261122")
  void filledAtOnceItIsTheSameAsRowByRow(@ForAll("steps") List<Step> steps) {
    Map<String, Row> rows = new TreeMap<>();
    steps.forEach(step -> rows.put(step.row.key, step.row));
    IndexedTable<String, Row> oneByOne = empty();
    for (Row row : rows.values()) {
      oneByOne = oneByOne.plus(row);
    }
    IndexedTable<String, Row> atOnce = empty().filled(new ArrayList<>(rows.values()));

    requireSame(atOnce, rows);
    assertThat(atOnce).isEqualTo(oneByOne).hasSameHashCodeAs(oneByOne);
  }

  private static void requireSame(IndexedTable<String, Row> table, Map<String, Row> naive) {
    assertThat(table.size()).isEqualTo(naive.size());
    assertThat(table.all()).containsExactlyElementsOf(naive.values());
    TreeSet<String> attributes = new TreeSet<>();
    for (Row row : naive.values()) {
      assertThat(table.get(row.key)).isEqualTo(row);
      attributes.add(row.attribute);
    }
    attributes.remove("");
    assertThat(table.attributes()).containsExactlyElementsOf(attributes);
    for (String attribute : List.of("", "x", "y", "z")) {
      assertThat(table.with(attribute))
          .containsExactlyElementsOf(
              naive.values().stream()
                  .filter(row -> !attribute.isEmpty() && row.attribute.equals(attribute))
                  .toList());
    }
    assertThat(table.get("unknown")).isNull();
  }
}
