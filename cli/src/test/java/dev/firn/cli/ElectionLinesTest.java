package dev.firn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionLinesTest {
  @Test
  void ofTheElectionOnlyChangesOfStateAreShown() {
    List<String> shown = new ArrayList<>();
    var lines = new ElectionLines(shown::add);
    List<String> all =
        List.of(
            "Storm1: IceStorm ready",
            "Storm1: -- 11/22/26 02:42:07:066 storm: Election: I am node 1",
            "Storm1:    \tnode: 1 proxy: x",
            "Storm1: -- 11/22/26 02:42:07:067 storm: Election: node 1: transition from inactive to election",
            "Storm1: -- 11/22/26 02:42:07:068 storm: Election: node 1: lost connection to coordinator 3: x",
            "Storm1:    Connection refused",
            "Storm1: -- 11/22/26 02:42:07:069 storm: Election: node 1: call on node 3 failed: x",
            "Storm1:    Connection refused",
            "Storm1: !! 11/22/26 02:42:07:070 storm: error: LMDB error: x",
            "Storm1:    more",
            "Storm1: ended with status 0");

    all.forEach(lines);

    List<String> expected = new ArrayList<>(all);
    expected.subList(6, 8).clear();
    expected.subList(1, 3).clear();
    assertThat(shown).isEqualTo(expected);
  }
}
