package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import dev.firn.model.PropertyDescriptor;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class RuntimeUpdateTest {
  private static PropertyDescriptor line(String name, String value) {
    return new PropertyDescriptor(name, value);
  }

  private static SortedMap<String, List<PropertyDescriptor>> files(
      Map<String, List<PropertyDescriptor>> files) {
    return new TreeMap<>(files);
  }

  @Test
  void serverIsToldAllPropertiesAsTheyAreMeant() {
    List<RuntimeUpdate.Part> parts =
        RuntimeUpdate.parts(
            files(Map.of("config", List.of(line("Gone", "1"), line("Same", "s")))),
            files(
                Map.of(
                    "config",
                    List.of(
                        line("# comment", ""),
                        line("Same", "s"),
                        line("New", "first"),
                        line("New", "a\\#b\\ "),
                        line("Empty", "")))));
    assertThat(parts)
        .containsExactly(
            new RuntimeUpdate.Part(
                "", "Properties", new TreeMap<>(Map.of("Gone", "", "New", "a#b ", "Same", "s"))));
  }

  @Test
  void servicesHaveTheirFacets() {
    List<PropertyDescriptor> main = List.of(line("IceBox.UseSharedCommunicator.Shared", "1"));
    List<RuntimeUpdate.Part> parts =
        RuntimeUpdate.parts(
            files(Map.of("config", main)),
            files(
                Map.of(
                    "config", main,
                    "config_Own", List.of(line("A", "1")),
                    "config_Shared", List.of(line("B", "2")))));
    assertThat(parts)
        .extracting(RuntimeUpdate.Part::service, RuntimeUpdate.Part::facet)
        .containsExactly(
            tuple("Own", "IceBox.Service.Own.Properties"),
            tuple("Shared", "IceBox.SharedCommunicator.Properties"));
  }

  @Test
  void nothingChangedNeedsNoCall() {
    SortedMap<String, List<PropertyDescriptor>> same =
        files(Map.of("config", List.of(line("A", "1"))));
    assertThat(RuntimeUpdate.parts(same, same)).isEmpty();
  }
}
