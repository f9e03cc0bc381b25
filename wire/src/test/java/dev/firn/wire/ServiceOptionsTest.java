package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceOptionsTest {
  private final List<String> arguments = new ArrayList<>();

  private String strip(String... given) {
    arguments.addAll(List.of(given));
    return String.valueOf(ServiceOptions.strip(arguments));
  }

  @Test
  void serviceOptionsAreTakenAwayAndOthersStay() {
    assertThat(strip("--daemon", "--pidfile", "f", "--nowarn", "--noclose", "--nochdir"))
        .isEqualTo("null");
    assertThat(arguments).containsExactly("--nowarn");
  }

  @Test
  void nochdirNeedsNoDaemon() {
    assertThat(strip("--nochdir")).isEqualTo("null");
  }

  @Test
  void nocloseNeedsDaemon() {
    assertThat(strip("--noclose")).isEqualTo("--noclose must be used with --daemon");
  }

  @Test
  void pidfileNeedsDaemonAndAFile() {
    assertThat(strip("--pidfile", "f")).isEqualTo("--pidfile <file> must be used with --daemon");
    assertThat(strip("--pidfile")).isEqualTo("--pidfile must be followed by an argument");
  }
}
