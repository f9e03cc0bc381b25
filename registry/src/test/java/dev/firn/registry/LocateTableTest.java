package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.EncodingVersion;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import dev.firn.model.AdapterEntry;
import dev.firn.model.Command;
import dev.firn.model.CommandResult;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LocateTableTest {
  private final Communicator communicator = Util.initialize();
  private RegistryTables tables = RegistryTables.EMPTY;
  private final LocateFilters filters = new LocateFilters();
  private final LocateTable table = new LocateTable(communicator, () -> tables, filters);

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  @Test
  void unknownIdsAreNotFound() {
    assertThat(table.adapter("a", request(Util.Encoding_1_1))).isNull();
  }

  @Test
  void adapterIsAnsweredAsItRegistered() {
    register("a", "", "dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1 -t 60000");
    assertThat(found("a")).isEqualTo("dummy -t -e 1.1:tcp -h 127.0.0.1 -p 1 -t 60000");
  }

  @Test
  void groupIsAnsweredWithTheEndpointsOfAllMembersInOrderOfTheirIds() {
    register("b", "g", "dummy:tcp -h 127.0.0.1 -p 2");
    register("a", "g", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(found("g")).contains("-p 1").contains("-p 2");
    assertThat(found("g").indexOf("-p 1")).isLessThan(found("g").indexOf("-p 2"));
  }

  @Test
  void groupFollowsItsMembers() {
    register("a", "g", "dummy:tcp -h 127.0.0.1 -p 1");
    assertThat(found("g")).contains("-p 1");
    register("a", "g", "dummy:tcp -h 127.0.0.1 -p 3");
    assertThat(found("g")).contains("-p 3").doesNotContain("-p 1 ");
  }

  @Test
  void membersThatDoNotUnderstandTheEncodingAreLeftOut() {
    register("old", "g", "dummy -e 1.0:tcp -h 127.0.0.1 -p 1");
    register("new", "g", "dummy -e 1.1:tcp -h 127.0.0.1 -p 2");
    assertThat(found("g")).contains("-p 2").doesNotContain("-p 1 ");
    assertThat(found("g", Util.Encoding_1_0)).contains("-p 1").contains("-p 2");
  }

  @Test
  void groupWithoutAUsableMemberIsTheNullProxy() {
    register("old", "g", "dummy -e 1.0:tcp -h 127.0.0.1 -p 1");
    assertThat(table.adapter("g", request(Util.Encoding_1_1))).isEqualTo(EncodedProxy.NULL);
  }

  @Test
  void pluginHasTheLastWordOnMembersOfGroups() {
    register("a", "g", "dummy:tcp -h 127.0.0.1 -p 1");
    register("b", "g", "dummy:tcp -h 127.0.0.1 -p 2");
    filters.add("", (group, members, connection, context) -> new String[] {"b", "other"});
    assertThat(found("g")).contains("-p 2").doesNotContain("-p 1 ");
  }

  @Test
  void objectOfAnApplicationIsAnsweredWithItsOptionsAndItsAdapter() {
    tables =
        TestTables.of(
            TestTables.group("")
                + "<node name='n'><server id='s' exe='x'><adapter name='A' id='ad'"
                + " endpoints='tcp'><object identity='cat/o b' type='::T' proxy-options='-o -f"
                + " fa'/><object identity='plain' type='::T'/></adapter></server></node>");
    assertThat(object("cat", "o b")).isEqualTo("\"cat/o b\" -f fa -o -e 1.1 @ ad");
    assertThat(object("", "plain")).isEqualTo("plain -t -e 1.1 @ ad");
    assertThat(table.object(new ObjectId("other", ""))).isNull();
  }

  private String object(String category, String name) {
    EncodedProxy proxy = Objects.requireNonNull(table.object(new ObjectId(name, category)));
    return String.valueOf(Mapping.decode(communicator, proxy));
  }

  private static Current request(EncodingVersion encoding) {
    Current current = new Current();
    current.encoding = encoding;
    return current;
  }

  private void register(String id, String group, String proxy) {
    ObjectPrx parsed = communicator.stringToProxy(proxy);
    AdapterEntry entry = new AdapterEntry(id, Mapping.encode(communicator, parsed), group);
    tables = ((CommandResult.Applied) new Command.SetAdapter(entry).applyTo(tables)).tables();
  }

  private String found(String id) {
    return found(id, Util.Encoding_1_1);
  }

  private String found(String id, EncodingVersion encoding) {
    EncodedProxy proxy = Objects.requireNonNull(table.adapter(id, request(encoding)));
    return communicator.proxyToString(Mapping.decode(communicator, proxy));
  }
}
