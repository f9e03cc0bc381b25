package dev.firn.systemtests;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.OutputStream;
import dev.firn.component.ReplicatedComponent;
import dev.firn.component.StateCodec;
import dev.firn.component.StateStore;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A counter that goes on counting at the next active instance: object {@code Counter}. */
public final class CountingComponent extends ReplicatedComponent {
  private final StateStore<Long> counts = store("count", StateCodec.ofLong());

  public CountingComponent() {
    services().add("Counter", new Servant(), new ServiceLocatorParams("Counter", "", ""));
  }

  private final class Servant implements BlobjectAsync {
    @Override
    public CompletionStage<Object.Ice_invokeResult> ice_invokeAsync(
        byte[] parameters, Current current) {
      return switch (current.operation) {
        case "increment" -> {
          long value = counts.update("total", old -> old == null ? 1 : old + 1);
          yield counts.acknowledged().thenApply(seq -> result(value, current));
        }
        case "value" ->
            CompletableFuture.completedFuture(result(counts.get("total").orElse(0L), current));
        default -> throw new OperationNotExistException();
      };
    }

    private Object.Ice_invokeResult result(long value, Current current) {
      OutputStream out = new OutputStream(current.adapter.getCommunicator(), current.encoding);
      out.startEncapsulation(current.encoding, com.zeroc.Ice.FormatType.DefaultFormat);
      out.writeLong(value);
      out.endEncapsulation();
      return new Object.Ice_invokeResult(true, out.finished());
    }
  }
}
