package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.LocalException;
import dev.firn.failover.Fencing;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Epochs of a group without state, given by a real locator. */
class LocatorEpochsTest {
  @TempDir Path data;
  private LocatorFixture fixture;

  @BeforeEach
  void open() {
    fixture = new LocatorFixture(data).start();
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  /** One run of an instance. */
  private LocatorEpochs run(String name, Fencing fencing) {
    return new LocatorEpochs(
        fixture.management(),
        fixture.client.stringToProxy(name + ":tcp -h 127.0.0.1 -p 1"),
        "group",
        fencing,
        "",
        fixture.timer);
  }

  private static long epoch(CompletionStage<ClaimedEpoch> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS).epoch();
  }

  @Test
  void twoRunsNeverHaveTheSameEpoch() throws Exception {
    LocatorEpochs first = run("first", Fencing.EPOCH);
    assertThat(epoch(first.claim(0, 0))).isEqualTo(1);
    assertThat(epoch(run("second", Fencing.EPOCH).claim(0, 0))).isEqualTo(2);
    assertThat(epoch(run("third", Fencing.EPOCH).claim(0, 1))).isEqualTo(3);
    assertThatThrownBy(() -> epoch(first.confirm(1)))
        .hasCauseInstanceOf(StaleWriterException.class);
    assertThatThrownBy(() -> epoch(first.claim(3, 1)))
        .hasCauseInstanceOf(StaleWriterException.class);
    assertThat(epoch(first.claim(5, 1))).isEqualTo(5);
    assertThat(epoch(first.confirm(5))).isEqualTo(5);
  }

  @Test
  void aSilentLocatorConfirmsNothing() throws Exception {
    LocatorEpochs epochs = run("first", Fencing.EPOCH);
    assertThat(epoch(epochs.claim(0, 0))).isEqualTo(1);
    fixture.stop();
    assertThatThrownBy(() -> epoch(epochs.confirm(1)))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(LocalException.class);
    // A cluster manager's word is enough where there are no leases.
    assertThat(epoch(epochs.claim(0, 1))).isEqualTo(2);
    assertThatThrownBy(() -> epoch(run("first", Fencing.LEASE).claim(0, 1)))
        .hasCauseInstanceOf(LocalException.class);
  }
}
