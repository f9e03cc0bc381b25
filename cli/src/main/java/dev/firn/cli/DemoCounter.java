package dev.firn.cli;

import com.zeroc.Ice.Current;
import dev.firn.component.ReplicatedComponent;
import dev.firn.component.StateCodec;
import dev.firn.component.StateStore;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.Firn.Demo.Counter;
import java.util.concurrent.CompletionStage;

/** The component of {@code firn demo}: one instance counts, the other knows how far it is. */
public final class DemoCounter extends ReplicatedComponent {
  static final String OBJECT = "Counter";
  private static final String TOTAL = "total";

  private final StateStore<Long> counts = store("count", StateCodec.ofLong());

  public DemoCounter() {
    services().add(OBJECT, new Servant(), new ServiceLocatorParams(OBJECT, "", ""));
  }

  private long total() {
    return counts.get(TOTAL).orElse(0L);
  }

  private final class Servant implements Counter {
    @Override
    public CompletionStage<Long> incrementAsync(Current current) {
      long value = counts.update(TOTAL, old -> old == null ? 1 : old + 1);
      return counts.acknowledged().thenApply(seq -> value);
    }

    @Override
    public long value(Current current) {
      return total();
    }
  }
}
