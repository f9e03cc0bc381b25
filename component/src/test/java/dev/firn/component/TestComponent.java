package dev.firn.component;

import com.zeroc.Ice.Current;
import dev.firn.failover.StateUpdate;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsCompare;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ComponentService;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** Notes what is done with it. Object {@code Fast} answers at once, {@code Slow} when it may. */
final class TestComponent extends ReplicatedComponent {
  final List<String> calls = new CopyOnWriteArrayList<>();
  final CompletableFuture<Void> slowMayEnd = new CompletableFuture<>();
  final StateStore<Long> numbers = store("number", StateCodec.ofLong());
  volatile Runnable onActivate = () -> {};
  volatile Consumer<Activation> onActivation = activation -> {};
  volatile Runnable onUpdate = () -> {};
  volatile ComponentBuilder.Hook<ConfigView> onConfigure = configuration -> {};
  volatile Runnable onFast = () -> {};
  volatile boolean healthy = true;

  TestComponent() {
    services()
        .add("Fast", (ServiceLocatorParamsCompare) (params, current) -> fast())
        .add("Slow", new Slow(), new ServiceLocatorParams("Slow", "", ""));
  }

  private boolean fast() {
    onFast.run();
    return true;
  }

  @Override
  protected void configure(ConfigView configuration) throws Exception {
    calls.add("configure " + configuration.groups().size());
    onConfigure.accept(configuration);
  }

  @Override
  protected void applyUpdate(StateUpdate update) throws Exception {
    onUpdate.run();
    super.applyUpdate(update);
  }

  @Override
  protected void onActivate(Activation activation) {
    calls.add("activate " + activation.epoch());
    onActivate.run();
    onActivation.accept(activation);
  }

  @Override
  protected void onStandby() {
    calls.add("standby");
  }

  @Override
  protected void healthCheck() {
    if (!healthy) {
      throw new IllegalStateException("unwell");
    }
  }

  private final class Slow implements ComponentService {
    @Override
    public CompletionStage<Void> suspendAsync(Current current) {
      calls.add("suspend");
      return slowMayEnd;
    }

    @Override
    public CompletionStage<Void> resumeAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> shutdownAsync(Current current) {
      throw new RoleLostException("not active");
    }
  }
}
