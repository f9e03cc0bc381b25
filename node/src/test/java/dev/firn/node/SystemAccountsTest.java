package dev.firn.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SystemAccountsTest {
  /** Whoever asks may be a thread that is not to wait for a directory service. */
  @Test
  void accountsAreLookedUpOnThePool() throws Exception {
    Deque<Runnable> pool = new ArrayDeque<>();
    CompletableFuture<Optional<UserAccount>> account =
        new SystemAccounts(0, false, null, pool::add)
            .of(Nodes.server("s", 1, List.of(), List.of()))
            .toCompletableFuture();
    assertThat(account).isNotDone();
    pool.remove().run();
    assertThat(account.get().orElseThrow().name()).isEqualTo("nobody");
  }
}
