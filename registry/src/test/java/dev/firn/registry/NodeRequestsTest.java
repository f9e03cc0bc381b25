package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NodeRequestsTest {
  @Test
  void whatANodeCallsItsTimeoutsIsNeverNegative() {
    assertThat(NodeRequests.millis(120)).isEqualTo(120_000);
    assertThat(NodeRequests.millis(Integer.MAX_VALUE)).isEqualTo(Integer.MAX_VALUE);
    assertThat(NodeRequests.sum(60, 30)).isEqualTo(90);
    assertThat(NodeRequests.sum(Integer.MAX_VALUE, 30)).isEqualTo(Integer.MAX_VALUE);
  }
}
