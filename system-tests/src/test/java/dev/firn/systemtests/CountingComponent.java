package dev.firn.systemtests;

import dev.firn.component.ReplicatedComponent;
import dev.firn.component.StateCodec;
import dev.firn.component.StateStore;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import java.util.concurrent.CompletionStage;

/** A counter that goes on counting at the next active instance: object {@code Counter}. */
public final class CountingComponent extends ReplicatedComponent {
  private final StateStore<Long> counts = store("count", StateCodec.ofLong());

  public CountingComponent() {
    services()
        .add(
            "Counter",
            new CounterServant(this::increment, () -> counts.get("total").orElse(0L)),
            new ServiceLocatorParams("Counter", "", ""));
  }

  private CompletionStage<Long> increment() {
    long value = counts.update("total", old -> old == null ? 1 : old + 1);
    return counts.acknowledged().thenApply(seq -> value);
  }
}
