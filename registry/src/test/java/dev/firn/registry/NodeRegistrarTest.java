package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.AdapterAlreadyActiveException;
import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.ServerNotFoundException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeRegistrarTest {
  private final TestNodeViews nodes = new TestNodeViews();
  private final NodeRegistrar registrar = new NodeRegistrar(nodes, nodes.traces(), 10_000);

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void nodeIsToldWhatItsServerRegistered() {
    TestNodeViews.TestAdapter adapter = nodes.add("a");
    succeeds(registrar.setDirectProxy("a", adapter.direct()));
    assertThat(adapter.registered()).isEqualTo(adapter.direct());
    assertThat(nodes.logger.lines())
        .containsExactly("Locator: registered adapter `a' endpoints: `" + adapter.direct() + "'");
  }

  @Test
  void serverThatStartsRegistersThoughAnUpdateOfItIsOnItsWay() {
    TestNodeViews.TestAdapter adapter = nodes.add("a").synchronising();
    succeeds(registrar.setDirectProxy("a", adapter.direct()));
  }

  @Test
  void serverThatStopsIsHeardThoughItsNodeWaitsForItsEndToLoadIt() {
    TestNodeViews.TestAdapter adapter = nodes.add("a").running().unknown();
    succeeds(registrar.setDirectProxy("a", null));
    assertThat(adapter.registered()).isNull();
  }

  @Test
  void serverThatStartsIsHeardThoughItsNodeWaitsForItToLoadIt() {
    TestNodeViews.TestAdapter adapter = nodes.add("a").unknown();
    succeeds(registrar.setDirectProxy("a", adapter.direct()));
    assertThat(adapter.registered()).isEqualTo(adapter.direct());
  }

  @Test
  void nodeThatDoesNotHaveTheServerYetIsToldOnceItHas() {
    TestNodeViews.TestAdapter adapter = nodes.add("a").missing();
    CompletionStage<Void> done = registrar.setDirectProxy("a", adapter.direct());
    adapter.synchronised();
    succeeds(done);
    assertThat(adapter.registered()).isEqualTo(adapter.direct());
  }

  @Test
  void nodeThatDoesNotHaveTheServerIsNotWaitedForByOneThatStops() {
    nodes.add("a").missing();
    failsWith(AdapterNotFoundException.class, registrar.setDirectProxy("a", null));
  }

  @Test
  void processIsHeardThoughItsNodeWaitsForItToLoadTheServer() {
    ProcessPrx process = ProcessPrx.uncheckedCast(nodes.communicator.stringToProxy("process:tcp"));
    CompletableFuture<Object> told = nodes.presumeServer("s");
    succeeds(registrar.setProcess("s", process));
    assertThat(told).isCompletedWithValue(process);
  }

  @Test
  void clientsAreNotSentToAnAdapterThatIsGone() {
    nodes.add("a").active();
    assertThat(nodes.activeProxy("a")).isNotNull();
    CompletionStage<Void> cleared = registrar.setDirectProxy("a", null);
    assertThat(nodes.activeProxy("a")).as("at once").isNull();
    succeeds(cleared);
    assertThat(nodes.adapter("a").registered()).isNull();
  }

  @Test
  void adapterThatIsActiveAlreadyIsRefused() {
    TestNodeViews.TestAdapter adapter = nodes.add("a").running();
    failsWith(AdapterAlreadyActiveException.class, registrar.setDirectProxy("a", adapter.direct()));
  }

  @Test
  void adapterOfAnUnreachableNodeIsNotFoundAndATraceSaysWhy() {
    ObjectPrx proxy = nodes.communicator.stringToProxy("dummy:tcp -h 127.0.0.1 -p 1");
    failsWith(AdapterNotFoundException.class, registrar.setDirectProxy("a", proxy));
    assertThat(nodes.logger.lines().toString())
        .contains("couldn't register adapter `a' endpoints:\n::IceGrid::NodeUnreachableException");
  }

  @Test
  void processOfAnUnreachableNodeIsNotFound() {
    failsWith(ServerNotFoundException.class, registrar.setProcess("s", null));
    assertThat(nodes.logger.lines().toString())
        .contains("couldn't register server `s' process proxy:");
  }

  private static void succeeds(CompletionStage<Void> done) {
    assertThat(done.toCompletableFuture()).succeedsWithin(20, TimeUnit.SECONDS);
  }

  private static void failsWith(Class<? extends Throwable> type, CompletionStage<Void> done) {
    assertThat(done.toCompletableFuture())
        .failsWithin(20, TimeUnit.SECONDS)
        .withThrowableThat()
        .withCauseInstanceOf(type);
  }
}
