package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.AdapterNotFoundException;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Locator;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotFoundException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import dev.firn.wire.IceLocatorDiscovery.Lookup;
import dev.firn.wire.IceLocatorDiscovery.LookupReplyPrx;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscoveringLocatorTest {
  /** Where registries are looked for; answers with whatever locators there are. */
  private static final class Announcer implements Lookup {
    final List<LocatorPrx> locators = new CopyOnWriteArrayList<>();

    @Override
    public void findLocator(String instanceName, LookupReplyPrx reply, Current current) {
      locators.forEach(reply::foundLocator);
    }
  }

  /** Knows one adapter, under its own name. */
  private record Named(String name) implements Locator {
    @Override
    public CompletionStage<ObjectPrx> findObjectByIdAsync(Identity id, Current current)
        throws ObjectNotFoundException {
      throw new ObjectNotFoundException();
    }

    @Override
    public CompletionStage<ObjectPrx> findAdapterByIdAsync(String id, Current current)
        throws AdapterNotFoundException {
      if (!id.equals("adapter")) {
        throw new AdapterNotFoundException();
      }
      return CompletableFuture.completedFuture(
          current.adapter.getCommunicator().stringToProxy("dummy:tcp -h " + name + " -p 1"));
    }

    @Override
    public @Nullable LocatorRegistryPrx getRegistry(Current current) {
      return null;
    }
  }

  private final Communicator registries = Util.initialize();
  private final Announcer announcer = new Announcer();
  private Properties properties;
  private Communicator client;

  @BeforeEach
  void start() {
    ObjectAdapter lookup = adapter("udp -h 127.0.0.1");
    lookup.add(announcer, Util.stringToIdentity("IceLocatorDiscovery/Lookup"));
    String where = lookup.createProxy(new Identity("x", "")).ice_getEndpoints()[0].toString();
    properties = Util.createProperties();
    properties.setProperty("Ice.Warn.Connections", "0");
    properties.setProperty("Ice.Plugin.Seek", "IceLocatorDiscovery:createIceLocatorDiscovery");
    properties.setProperty("Seek.Lookup", where);
    properties.setProperty("Seek.Interface", "127.0.0.1");
    properties.setProperty("Seek.RetryDelay", "0");
    properties.setProperty("IceGrid.InstanceName", "mine");
    LocatorDiscoveryPluginFactory.prepare(properties);
    client = client();
  }

  private Communicator client() {
    InitializationData data = new InitializationData();
    data.properties = properties._clone();
    return Util.initialize(data);
  }

  private void useClientOfAnyInstance() {
    client.destroy();
    properties.setProperty("IceGrid.InstanceName", "");
    client = client();
  }

  @AfterEach
  void stop() {
    client.destroy();
    registries.destroy();
  }

  private ObjectAdapter adapter(String endpoints) {
    ObjectAdapter adapter = registries.createObjectAdapterWithEndpoints("", endpoints);
    adapter.activate();
    return adapter;
  }

  private ObjectAdapter registry(String name, String instance) {
    ObjectAdapter adapter = adapter("tcp -h 127.0.0.1");
    announcer.locators.add(
        LocatorPrx.uncheckedCast(adapter.add(new Named(name), new Identity("Locator", instance))));
    return adapter;
  }

  private LocatorPrx locator() {
    return client.getDefaultLocator();
  }

  private String located() throws AdapterNotFoundException {
    ObjectPrx proxy = locator().findAdapterById("adapter");
    return proxy == null ? "nobody" : proxy.toString();
  }

  private LocatorDiscoveryPlugin plugin() {
    return LocatorDiscoveryPlugin.of(client, locator()).orElseThrow();
  }

  private LocatorPrx awaitFound(int endpoints) throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    Optional<LocatorPrx> found = plugin().search().get();
    while (found.map(each -> each.ice_getEndpoints().length).orElse(0) != endpoints
        && System.nanoTime() - end < 0) {
      found = plugin().search().get();
    }
    return found.orElseThrow();
  }

  /** Nobody may answer in time on a busy machine; whoever asks again looks again. */
  private void awaitLocated(String host) throws AdapterNotFoundException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    String located = located();
    while (located.equals("nobody") && System.nanoTime() - end < 0) {
      located = located();
    }
    assertThat(located).contains("-h " + host + " ");
  }

  @Test
  void requestsGoToTheRegistryThatWasFound() throws Exception {
    registry("first", "mine");
    awaitLocated("first");
    assertThatThrownBy(() -> locator().findAdapterById("unknown"))
        .isInstanceOf(AdapterNotFoundException.class);
  }

  @Test
  void otherInstancesAreNotUsed() throws Exception {
    registry("other", "theirs");
    registry("wanted", "mine");
    awaitLocated("wanted");
  }

  @Test
  void registryThatMovedIsFoundAgain() throws Exception {
    ObjectAdapter first = registry("first", "mine");
    awaitLocated("first");
    first.destroy();
    announcer.locators.clear();
    registry("second", "mine");
    awaitLocated("second");
  }

  @Test
  void instanceThatWasFoundFirstIsTheOneThatCounts() throws Exception {
    useClientOfAnyInstance();
    ObjectAdapter first = registry("first", "one");
    awaitLocated("first");
    first.destroy();
    announcer.locators.clear();
    registry("other", "two");
    registry("again", "one");
    awaitLocated("again");
  }

  @Test
  void searchFindsAllRegistriesOfTheInstance() throws Exception {
    registry("first", "mine");
    assertThat(awaitFound(1).ice_getIdentity().category).isEqualTo("mine");
    registry("second", "mine");
    registry("other", "theirs");
    assertThat(awaitFound(2).ice_getEndpoints()).hasSize(2);
    announcer.locators.clear();
    assertThat(plugin().search().get()).get().isEqualTo(awaitFound(2));
  }

  @Test
  void whoeverWaitsForASearchDoesNotOutwaitTheCommunicator() throws Exception {
    LocatorDiscoveryPlugin plugin = plugin();
    CompletableFuture<Optional<LocatorPrx>> search = plugin.search();
    client.destroy();
    assertThat(search.get(1, TimeUnit.MINUTES)).isEmpty();
    assertThat(plugin.search().get(1, TimeUnit.MINUTES)).isEmpty();
  }

  @Test
  void registryThatStartsLaterIsFound() throws Exception {
    assertThat(located()).isEqualTo("nobody");
    registry("late", "mine");
    awaitLocated("late");
  }

  @Test
  void withoutARegistryItIsALocatorThatKnowsNothing() throws Exception {
    assertThat(locator().findObjectById(new Identity("x", ""))).isNull();
    assertThat(locator().getRegistry()).isNull();
    locator().ice_ping();
    assertThat(locator().ice_id()).isEqualTo("::Ice::Locator");
    assertThat(locator().ice_ids()).containsExactly("::Ice::Locator", "::Ice::Object");
    assertThat(locator().ice_isA("::Ice::Locator")).isTrue();
    assertThat(locator().ice_isA("::IceGrid::Locator")).isFalse();
    byte[] none = {6, 0, 0, 0, 1, 1};
    assertThatThrownBy(() -> locator().ice_invoke("getLocalQuery", OperationMode.Normal, none))
        .isInstanceOf(OperationNotExistException.class);
  }

  @Test
  void configuredLocatorStays() {
    InitializationData data = new InitializationData();
    data.properties = client.getProperties()._clone();
    data.properties.setProperty("Ice.Default.Locator", "mine/Locator:tcp -h 127.0.0.1 -p 9");
    try (Communicator both = Util.initialize(data)) {
      assertThat(LocatorDiscoveryPlugin.of(both, both.getDefaultLocator())).isEmpty();
      assertThat(both.getDefaultLocator().ice_getEndpoints()).hasSize(1);
    }
  }
}
