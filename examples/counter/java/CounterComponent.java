import com.zeroc.Ice.Current;
import dev.firn.component.Activation;
import dev.firn.component.ReplicatedComponent;
import dev.firn.component.StateCodec;
import dev.firn.component.StateStore;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import example.Firn.Example.Counter;
import java.util.concurrent.CompletionStage;

/** A counter of which one instance counts, and the others know how far it is. */
public final class CounterComponent extends ReplicatedComponent {
  private static final String TOTAL = "total";

  private final StateStore<Long> counts = store("count", StateCodec.ofLong());

  public CounterComponent() {
    services().add("Counter", new Servant(), new ServiceLocatorParams("Counter", "", ""));
  }

  @Override
  protected void onActivate(Activation activation) {
    System.out.println(
        activation.instance()
            + " counts on from "
            + total()
            + ", in epoch "
            + activation.epoch());
    System.out.flush();
  }

  private long total() {
    return counts.get(TOTAL).orElse(0L);
  }

  private final class Servant implements Counter {
    @Override
    public CompletionStage<Long> incrementAsync(Current current) {
      long value = counts.update(TOTAL, old -> old == null ? 1 : old + 1);
      // The client is answered once the state replicator has it.
      return counts.acknowledged().thenApply(seq -> value);
    }

    @Override
    public long value(Current current) {
      return total();
    }
  }
}
