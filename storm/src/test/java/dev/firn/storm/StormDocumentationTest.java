package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The operators' table of properties is what the service reads. */
final class StormDocumentationTest {
  private static final Path DOCUMENT = Path.of("../docs/operations/storm.md");

  @Test
  void everyPropertyIsDocumentedWithItsDefaultAndMeaning() throws IOException {
    List<String> expected =
        Stream.of(StormProperty.values())
            .map(
                property ->
                    "| `"
                        + property.nameFor("IceStorm")
                        + "` | "
                        + property.fallback()
                        + " | "
                        + property.meaning()
                        + " |")
            .toList();

    List<String> documented =
        Files.readAllLines(DOCUMENT).stream()
            .filter(line -> line.startsWith("| `IceStorm.") || line.startsWith("| `Firn.Storm."))
            .toList();

    assertThat(documented).isEqualTo(expected);
  }
}
