package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.LoadSample;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QueryServantTest {
  private static final String APPLICATION =
      "<replica-group id='g' filter='f'><object identity='all' type='::T'/></replica-group>"
          + server("a")
          + server("b");

  private final TestNodeViews nodes = new TestNodeViews();
  private final LocateFilters filters = new LocateFilters();
  private final RegistryTables tables =
      TestTables.of(
          APPLICATION,
          List.of(adapter("dyn1", "dg"), adapter("dyn2", "dg")),
          List.of(ObjectEntry.of(encoded("free:tcp -h 127.0.0.1 -p 3"), "::T")));
  private final QueryServant query =
      new QueryServant(
          nodes.communicator,
          () -> tables,
          nodes,
          new LocateTable(nodes.communicator, () -> tables, filters),
          filters,
          new LargeAnswers());

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void objectsOfApplicationsAreFoundBeforeTheOthers() {
    assertThat(identities(query.findAllObjectsByType("::T", current())))
        .containsExactly("all", "o-a", "o-b", "free");
  }

  @Test
  void objectsOfDisabledServersAreNotFoundByTheirType() {
    nodes.enabled("a", false);
    assertThat(identities(query.findAllObjectsByType("::T", current())))
        .containsExactly("all", "o-b", "free");
    assertThat(query.findObjectById(Util.stringToIdentity("o-a"), current())).isNotNull();
  }

  @Test
  void anyObjectOfATypeIsFoundInTime() {
    TreeSet<String> found = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      found.addAll(identities(query.findObjectByType("::T", current())));
    }
    assertThat(found).containsExactly("all", "free", "o-a", "o-b");
    assertThat(query.findObjectByType("::Other", current())).isNull();
  }

  @Test
  void leastLoadedNodeDecidesAndEqualsAreChosenByChance() {
    nodes.load("node-a", 0.2, 1);
    nodes.load("node-b", 0.3, 1);
    TreeSet<String> found = new TreeSet<>();
    for (int i = 0; i < 100; i++) {
      found.addAll(
          identities(
              query.findObjectByTypeOnLeastLoadedNode("::T", LoadSample.LoadSample1, current())));
    }
    assertThat(found).as("the group is as loaded as its best member").containsExactly("all", "o-a");
    // Over five minutes both are at 5, and an object that no node has at 1.
    assertThat(
            identities(
                query.findObjectByTypeOnLeastLoadedNode("::T", LoadSample.LoadSample5, current())))
        .containsExactly("free");
  }

  @Test
  void replicasAreTheMembersOfTheGroupActiveOrNot() {
    ObjectPrx object = nodes.communicator.stringToProxy("all");
    assertThat(adapters(query.findAllReplicas(object, current()))).containsExactly("a", "b");
    assertThat(adapters(query.findAllReplicas(proxy("x @ dg"), current())))
        .containsExactly("dyn1", "dyn2");
    assertThat(query.findAllReplicas(proxy("x @ a"), current())).isEmpty();
    assertThat(query.findAllReplicas(proxy("unknown"), current())).isEmpty();
    assertThat(query.findAllReplicas(null, current())).isEmpty();
  }

  @Test
  void pluginsHaveTheLastWord() {
    filters.add("f", (group, members, connection, context) -> new String[] {"b"});
    assertThat(adapters(query.findAllReplicas(proxy("all"), current()))).containsExactly("b");
    filters.addForType(
        "::T",
        (type, objects, connection, context) -> new ObjectPrx[] {objects[objects.length - 1]});
    assertThat(identities(query.findAllObjectsByType("::T", current()))).containsExactly("free");
    assertThat(identities(query.findObjectByType("::T", current()))).containsExactly("free");
  }

  private static String server(String id) {
    return "<node name='node-"
        + id
        + "'><server id='"
        + id
        + "' exe='x'><adapter name='A' id='"
        + id
        + "' replica-group='g' endpoints='tcp'><object identity='o-"
        + id
        + "' type='::T'/></adapter></server></node>";
  }

  private AdapterEntry adapter(String id, String group) {
    return new AdapterEntry(id, encoded("dummy:tcp -h 127.0.0.1 -p 1"), group);
  }

  private dev.firn.model.EncodedProxy encoded(String proxy) {
    return Mapping.encode(nodes.communicator, proxy(proxy));
  }

  private ObjectPrx proxy(String text) {
    return nodes.communicator.stringToProxy(text);
  }

  private static List<String> identities(@Nullable ObjectPrx... proxies) {
    return Arrays.stream(proxies)
        .filter(Objects::nonNull)
        .map(proxy -> proxy.ice_getIdentity().name)
        .toList();
  }

  private static List<String> adapters(ObjectPrx... proxies) {
    return Arrays.stream(proxies).map(ObjectPrx::ice_getAdapterId).toList();
  }

  private static Current current() {
    Current current = new Current();
    current.encoding = Util.Encoding_1_1;
    current.ctx = new java.util.HashMap<>();
    return current;
  }
}
