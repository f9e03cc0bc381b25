package dev.firn.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that commits is killed again and again; what it acknowledged is there. */
final class CrashTest {
  @TempDir private Path directory;

  @Test
  void acknowledgedCommitsSurviveKillMinusNine() throws Exception {
    var random = new Random(7);
    int acknowledged = -1;
    for (int life = 0; life < 8; life++) {
      acknowledged = liveAndDie(CommittingProcess.class, acknowledged + 20 + random.nextInt(200));

      RegistryTables tables = LmdbRegistryStore.readOnly(directory);
      assertThat(tables.objects()).hasSizeGreaterThan(acknowledged);
      assertThat(tables.adapters()).hasSameSizeAs(tables.objects());
      for (int i = 0; i <= acknowledged; i++) {
        assertThat(tables.findObject(new ObjectId("object" + i, "test"))).isNotNull();
        assertThat(tables.findAdapter("adapter" + i)).isNotNull();
      }
      assertThat(RegistryLoader.load(directory.resolve("data.mdb")).indexesComplete()).isTrue();
    }
  }

  @Test
  void acknowledgedTopicsSurviveKillMinusNine() throws Exception {
    var random = new Random(8);
    int acknowledged = -1;
    for (int life = 0; life < 5; life++) {
      acknowledged =
          liveAndDie(CommittingStormProcess.class, acknowledged + 20 + random.nextInt(200));

      TopicTables tables = LmdbTopicStore.readOnly(directory);
      assertThat(tables.topics()).hasSizeGreaterThan(acknowledged);
      assertThat(tables.position().iteration()).isEqualTo(tables.topics().size() - 1);
      assertThat(tables.topics()).allMatch(topic -> topic.subscribers().size() == 1);
    }
  }

  /** Kills the process when it has acknowledged this number; returns the last it acknowledged. */
  private int liveAndDie(Class<?> program, int killAt) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(ChildJvm.command(program, directory))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    int last = -1;
    try (BufferedReader output = process.inputReader(UTF_8)) {
      String line = output.readLine();
      while (line != null) {
        last = Integer.parseInt(line);
        if (last == killAt) {
          process.toHandle().destroyForcibly(); // leaves the pipe open for reading
        }
        line = output.readLine();
      }
    }
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(last).isGreaterThanOrEqualTo(killAt);
    return last;
  }
}
