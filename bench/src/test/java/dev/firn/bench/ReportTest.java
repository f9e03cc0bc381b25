package dev.firn.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Results RESULTS =
      new Results(
          List.of(ServerKind.REFERENCE, ServerKind.NOOP),
          Map.of(ServerKind.NOOP, "-Xmx64m"),
          List.of(
              new LookupBench.Cell(
                  10,
                  Operation.FIND_ADAPTER_BY_ID,
                  LoadShape.FOUR,
                  Map.of(
                      ServerKind.REFERENCE,
                      List.of(new LookupBench.Sample(100, 30), new LookupBench.Sample(200, 20)),
                      ServerKind.NOOP,
                      List.of(new LookupBench.Sample(150, 10), new LookupBench.Sample(500, 11))))),
          List.of(new MemoryResult(ServerKind.REFERENCE, 1024, 2048, 4096, 1000, 3000)),
          List.of(new UpdateBench.Result(ServerKind.REFERENCE, List.of(10.0), List.of(20.0))),
          List.of(new SyncBench.Result(ServerKind.REFERENCE, List.of(0.5), List.of(2.0))));

  @Test
  void tablesShowMediansAndTheRatioWithItsSpread() {
    assertThat(TextReport.of(RESULTS))
        .contains("noop: -Xmx64m")
        .contains("findAdapterById, 10 entries")
        .containsPattern("4 connections +150 +325 +2\\.00 \\(1\\.50\\.\\.2\\.50\\) +25\\.0 +10\\.5")
        .containsPattern("reference +2\\.0 +4\\.0 +1\\.0 +2\\.9 +1000")
        .containsPattern("reference .*1\\.500 \\(1\\.500\\.\\.1\\.500\\)")
        .doesNotContain("firn/");
  }

  @Test
  void jsonHoldsEveryRound() {
    assertThat(JsonReport.of(RESULTS))
        .contains("\"noop\": {\"perSecond\": [150.0, 500.0], \"cpuMicros\": [10.0, 11.0]}")
        .contains("\"syncs\": [{\"server\": \"reference\", \"emptySeconds\": [0.5]")
        .endsWith("}\n");
  }

  @Test
  void jsonTextIsQuoted() {
    assertThat(JsonReport.write(List.of("a\"b\\c\n", 1))).isEqualTo("[\"a\\\"b\\\\c\\u000a\", 1]");
  }
}
