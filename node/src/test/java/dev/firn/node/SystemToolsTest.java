package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SystemToolsTest {
  @Test
  void tellsWhatACommandSaidAndHowItEnded() throws Exception {
    assertThat(SystemTools.run(List.of("/bin/sh", "-c", "echo out; echo err >&2; exit 3")))
        .isEqualTo(new SystemTools.Outcome(3, "out\nerr"));
  }

  @Test
  @Timeout(30)
  void aCommandThatNeitherEndsNorSaysAnythingIsGivenUp() {
    List<String> command = List.of("/bin/sh", "-c", "exec sleep 1000");
    assertThatThrownBy(() -> SystemTools.run(command, Duration.ofMillis(300)))
        .isInstanceOf(IOException.class)
        .hasMessage("/bin/sh does not end");
  }
}
