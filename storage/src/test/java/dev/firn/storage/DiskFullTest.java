package dev.firn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskFullTest {
  @TempDir private Path directory;

  /** A limit on the size of files stands for the full disk: writes fail in the same way. */
  @Test
  void fullDiskRefusesTheCommitAndKeepsTheRest() {
    List<String> command =
        new ArrayList<>(List.of("sh", "-c", "ulimit -f 8000; exec \"$@\"", "sh"));
    command.addAll(ChildJvm.command(FillingProcess.class, directory));

    Peers.Result result = Peers.run(command);

    assertThat(result.text())
        .contains("refused: cannot write the registry's database in " + directory)
        .contains("nothing was changed")
        .contains("kept: 0\n")
        .contains("after: 0\n");
    assertThat(result.status()).isZero();
    assertThat(LmdbRegistryStore.readOnly(directory).objects()).hasSize(2);
  }
}
