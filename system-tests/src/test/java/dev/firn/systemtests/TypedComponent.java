package dev.firn.systemtests;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Util;
import dev.firn.component.Activation;
import dev.firn.component.ReplicatedComponent;
import dev.firn.component.SliceCodec;
import dev.firn.component.StateStore;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationItem;
import java.util.concurrent.CompletionStage;

/** A counter whose state are values of Slice types: a class that counts, and who counted last. */
public final class TypedComponent extends ReplicatedComponent {
  private final StateStore<ConfigurationItem> counts =
      store("count", SliceCodec.ofClass(this::communicator, ConfigurationItem.class));
  private final StateStore<Identity> last =
      store(
          "last",
          SliceCodec.of(
              this::communicator, "::Ice::Identity", Identity::ice_write, Identity::ice_read));
  private volatile String instance = "";

  public TypedComponent() {
    services().add("Counter", new CounterServant(this::increment, this::value));
  }

  @Override
  protected void onActivate(Activation activation) {
    instance = activation.instance();
    String before = last.get("id").map(Util::identityToString).orElse("nobody");
    System.out.println("counted before: " + before);
  }

  private long value() {
    return counts.get("total").map(item -> item.serialNumber).orElse(0);
  }

  private CompletionStage<Long> increment() {
    long value =
        counts.update("total", old -> new ConfigurationItem(old == null ? 1 : old.serialNumber + 1))
            .serialNumber;
    last.put("id", new Identity(instance, "group"));
    return last.acknowledged().thenApply(seq -> value);
  }
}
