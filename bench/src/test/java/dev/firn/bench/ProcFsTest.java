package dev.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcFsTest {
  @Test
  void cpuTimeIsFoundBehindACommandNameWithBlanks() {
    assertThat(
            ProcFs.parseCpuTicks(
                "42 (a) b (c) S 1 42 42 0 -1 4194304 100 0 0 0 17 25 0 0 20 0 1 0 5 1000 10"))
        .isEqualTo(42);
  }

  @Test
  void thisProcessHasMemory() {
    assertThat(ProcFs.residentKilobytes(ProcessHandle.current().pid())).isGreaterThan(1_000);
  }
}
