package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.Plugin;
import com.zeroc.Ice.PluginFactory;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.RegistryPluginFacade;
import com.zeroc.IceGrid.ServerNotExistException;
import dev.firn.model.RegistryTables;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A plug-in as an operator would write and configure it. */
class RegistryPluginsTest {
  /** Keeps the members on a node whose servers have the property {@code Country=fr}. */
  public static final class Factory implements PluginFactory {
    @Override
    public Plugin create(Communicator communicator, String name, String[] args) {
      RegistryPluginFacade facade = RegistryPlugins.facade(communicator);
      return new Plugin() {
        @Override
        public void initialize() {
          facade.addReplicaGroupFilter(
              args[0],
              (group, members, connection, context) ->
                  java.util.Arrays.stream(members)
                      .filter(member -> country(member).equals(args[1]))
                      .toArray(String[]::new));
        }

        private String country(String member) {
          try {
            return facade.getPropertyForAdapter(member, "Country");
          } catch (AdapterNotExistException e) {
            throw new AssertionError(e);
          }
        }

        @Override
        public void destroy() {
          // Nothing is held.
        }
      };
    }
  }

  private final Communicator communicator = communicator();
  private final TestNodeViews nodes = new TestNodeViews();
  private final PluginFacade facade = RegistryPlugins.of(communicator);
  private final RegistryTables tables =
      TestTables.of(
          "<replica-group id='g' filter='byCountry'/>" + server("a", "fr") + server("b", "de"));

  private static Communicator communicator() {
    InitializationData init = new InitializationData();
    init.properties = Util.createProperties();
    init.properties.setProperty("Ice.Plugin.Country", Factory.class.getName() + " byCountry fr");
    return Util.initialize(init);
  }

  @AfterEach
  void close() {
    nodes.close();
    communicator.destroy();
  }

  @Test
  void pluginIsLoadedByItsPropertyAndAsksTheRegistry() {
    facade.open(communicator, () -> tables, nodes);
    com.zeroc.Ice.Current current = new com.zeroc.Ice.Current();
    assertThat(facade.filters().members("byCountry", "g", java.util.List.of("b", "a"), current))
        .containsExactly("a");
  }

  @Test
  void whatIsDeployedIsKnown() throws Exception {
    facade.open(communicator, () -> tables, nodes);
    nodes.add("a").active();
    assertThat(facade.getAdapterServer("a")).isEqualTo("a");
    assertThat(facade.getAdapterNode("a")).isEqualTo("node-a");
    assertThat(facade.getAdapterApplication("g")).isEqualTo("app");
    assertThat(facade.getAdapterServer("unknown")).isEmpty();
    assertThat(facade.getPropertyForAdapter("a", "None")).isEmpty();
    assertThat(facade.getApplicationInfo("app").uuid).isEqualTo("uuid");
    assertThat(facade.getServerInfo("b").node).isEqualTo("node-b");
    assertThat(facade.getAdapterInfo("g")).hasSize(2);
    assertThat(facade.getAdapterInfo("a")[0].proxy.toString())
        .contains(TestNodeViews.endpoint("a"));
    assertThat(facade.getAdapterInfo("b")[0].proxy).isNull();
    nodes.load("node-a", 0.5, 1);
    assertThat(facade.getNodeLoad("node-a").avg1).isEqualTo(0.5f);
  }

  @Test
  void whatIsNotThereIsAnException() {
    facade.open(communicator, () -> tables, nodes);
    assertThatThrownBy(() -> facade.getServerInfo("x")).isInstanceOf(ServerNotExistException.class);
    assertThatThrownBy(() -> facade.getAdapterInfo("x"))
        .isInstanceOf(AdapterNotExistException.class);
    assertThatThrownBy(() -> facade.getNodeLoad("x")).isInstanceOf(NodeNotExistException.class);
    assertThatThrownBy(() -> facade.getNodeLoad("node-b"))
        .isInstanceOf(NodeUnreachableException.class);
  }

  @Test
  void nothingIsKnownBeforeTheRegistryRunsAndWhenItHasEnded() {
    assertThatThrownBy(() -> facade.getAdapterServer("a"))
        .isInstanceOf(InitializationException.class);
    facade.open(communicator, () -> tables, nodes);
    facade.close();
    assertThatThrownBy(() -> facade.getAdapterServer("a"))
        .isInstanceOf(InitializationException.class);
  }

  private static String server(String id, String country) {
    return "<node name='node-"
        + id
        + "'><server id='"
        + id
        + "' exe='x'><properties><property name='Country' value='"
        + country
        + "'/></properties><adapter name='A' id='"
        + id
        + "' replica-group='g' endpoints='tcp'/></server></node>";
  }
}
