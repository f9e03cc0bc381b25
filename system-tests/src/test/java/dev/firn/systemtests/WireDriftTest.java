package dev.firn.systemtests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The generated Java that is checked in is what the Slice files say. */
class WireDriftTest {
  private static final Path WIRE = Implementation.HOME.resolve("wire");

  @Test
  void generatingAgainChangesNothing() throws IOException {
    Peers.require("slice2java");
    try (Lab lab = new Lab()) {
      Path fresh = lab.directory().resolve("generated");
      lab.succeeding(WIRE.resolve("generate").toString(), fresh.toString());
      Map<String, String> expected = files(fresh);
      assertThat(expected).isNotEmpty();
      assertThat(files(WIRE.resolve("src/generated/java"))).isEqualTo(expected);
    }
  }

  private static Map<String, String> files(Path root) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        contents.put(root.relativize(file).toString(), Files.readString(file));
      }
    }
    return contents;
  }
}
