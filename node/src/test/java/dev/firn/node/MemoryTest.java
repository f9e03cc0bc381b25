package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
  @TempDir Path directory;

  private final List<String> warnings = new ArrayList<>();

  @Test
  void whatIsRememberedIsThereUntilItIsForgotten() {
    Memory memory = new Memory(directory.resolve("new"), warnings::add);
    memory.remember("a", new byte[] {1});
    memory.remember("b", new byte[] {2});
    memory.remember("b", new byte[] {3});
    memory.forget("a");
    assertThat(memory.remembered()).containsOnlyKeys("b");
    assertThat(memory.remembered().get("b")).containsExactly(3);
    assertThat(warnings).isEmpty();
  }

  @Test
  void oneThatCannotBeReadDoesNotHideTheOthers() throws Exception {
    Memory memory = new Memory(directory, warnings::add);
    memory.remember("a", new byte[] {1});
    Files.createDirectory(directory.resolve("b"));
    memory.remember("c", new byte[] {2});
    assertThat(memory.remembered()).containsOnlyKeys("a", "c");
    assertThat(warnings).singleElement().asString().contains(directory.resolve("b").toString());
  }
}
