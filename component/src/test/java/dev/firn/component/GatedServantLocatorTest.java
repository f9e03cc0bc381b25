package dev.firn.component;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ServantLocator;
import com.zeroc.Ice.UnknownException;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsCompare;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsComparePrx;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ComponentService;
import dev.firn.wire.AsteriskSCF.System.Component.V1.ComponentServicePrx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A component whose servants are found for each request. */
class GatedServantLocatorTest extends InstanceFixture {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> mayEnd = new CompletableFuture<>();

  /** Finds {@code fast}, {@code failing} and {@code slow}, and nothing else. */
  private final class Finder implements ServantLocator {
    @Override
    public @Nullable LocateResult locate(Current current) {
      String name = current.id.name;
      told.add("locate " + name);
      return switch (name) {
        case "fast" -> new LocateResult(fast(true), "cookie of fast");
        case "failing" -> new LocateResult(fast(false), "cookie of failing");
        case "slow" -> new LocateResult(new Slow(), "cookie of slow");
        default -> null;
      };
    }

    private ServiceLocatorParamsCompare fast(boolean well) {
      return (params, current) -> {
        if (!well) {
          throw new IllegalStateException("cannot");
        }
        return true;
      };
    }

    @Override
    public void finished(Current current, com.zeroc.Ice.Object servant, @Nullable Object cookie) {
      told.add("finished " + current.id.name + " " + cookie);
    }

    @Override
    public void deactivate(String category) {
      told.add("deactivate " + category);
    }
  }

  private final class Slow implements ComponentService {
    @Override
    public CompletionStage<Void> suspendAsync(Current current) {
      return mayEnd;
    }

    @Override
    public CompletionStage<Void> resumeAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> shutdownAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }
  }

  @BeforeEach
  void addLocator() {
    component.services().addLocator(new Finder(), "found");
  }

  private com.zeroc.Ice.ObjectPrx found(String name) {
    return client.stringToProxy("found/" + name + ":tcp -h 127.0.0.1 -p " + servicePort);
  }

  private boolean ask(String name) {
    return ServiceLocatorParamsComparePrx.uncheckedCast(found(name))
        .isSupported(new ServiceLocatorParams());
  }

  @Test
  void eachRequestIsLocatedAndFinishedInEveryActivation() {
    locator();
    start();
    awaitStandby();
    for (int activation = 0; activation < 2; activation++) {
      told.clear();
      assertThat(replica().activate()).isTrue();
      assertThat(ask("fast")).isTrue();
      assertThatThrownBy(() -> ask("failing")).isInstanceOf(UnknownException.class);
      assertThatThrownBy(() -> ask("nobody")).isInstanceOf(ObjectNotExistException.class);
      assertThat(call()).as("other objects").isTrue();
      replica().standby();
      assertThat(told)
          .containsExactly(
              "locate fast",
              "finished fast cookie of fast",
              "locate failing",
              "finished failing cookie of failing",
              "locate nobody",
              "deactivate found");
    }
  }

  @Test
  void aStandbyAsksItForNothing() {
    set("LateBind", "0");
    locator();
    start();
    awaitStandby();
    assertThatThrownBy(() -> ask("fast")).isInstanceOf(ObjectNotExistException.class);
    assertThat(told).isEmpty();
    assertThat(replica().activate()).isTrue();
    assertThat(ask("fast")).isTrue();
  }

  @Test
  void whatAnswersLaterIsFinishedThenAndRefusedIfTheRoleIsLost() {
    TestLocator locator = locator();
    start();
    awaitStandby();
    assertThat(replica().activate()).isTrue();
    ComponentServicePrx slow = ComponentServicePrx.uncheckedCast(found("slow"));
    CompletableFuture<Void> answer = slow.suspendAsync();
    Eventually.await("located", () -> told.contains("locate slow"));
    assertThat(told).containsExactly("locate slow");
    locator.knows("test", 9);
    Eventually.await("demoted", () -> !instance().isActive());
    mayEnd.complete(null);
    assertThatThrownBy(answer::join).isNotNull();
    Eventually.await("finished", () -> told.contains("finished slow cookie of slow"));
  }

  @Test
  void thereIsOneForACategory() {
    assertThatThrownBy(() -> component.services().addLocator(new Finder(), "found"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
