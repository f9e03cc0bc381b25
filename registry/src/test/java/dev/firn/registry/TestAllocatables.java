package dev.firn.registry;

import dev.firn.model.AdapterDescriptor;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.CommunicatorDescriptor;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.SortedNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Applications with servers whose objects can be allocated. */
final class TestAllocatables {
  private TestAllocatables() {}

  /** A server with one adapter, ID.A, and allocatable objects {@code test/NAME}. */
  static ServerDescriptor server(
      String id, String activation, boolean allocatable, String type, String... names) {
    List<ObjectDescriptor> objects =
        Arrays.stream(names)
            .map(name -> new ObjectDescriptor(id(name), type, "-t -e 1.1"))
            .toList();
    AdapterDescriptor adapter =
        new AdapterDescriptor("A", "", id + ".A", "", "", false, true, List.of(), objects);
    CommunicatorDescriptor none = CommunicatorDescriptor.EMPTY;
    return ServerDescriptor.builder(id, "/bin/true")
        .activation(activation)
        .allocatable(allocatable)
        .communicator(
            new CommunicatorDescriptor(
                List.of(adapter), none.propertySet(), List.of(), List.of(), ""))
        .build();
  }

  static ObjectId id(String name) {
    return new ObjectId(name, "test");
  }

  static RegistryTables with(
      RegistryTables tables, String application, ServerDescriptor... servers) {
    Map<String, ExpandedServer> expanded = new TreeMap<>();
    for (ServerDescriptor server : servers) {
      expanded.put(server.id(), new ExpandedServer("n", server, Optional.empty()));
    }
    ApplicationEntry before = tables.findApplication(application);
    int revision = before == null ? 1 : before.info().revision() + 1;
    ApplicationEntry entry =
        ApplicationEntry.of(
            new ApplicationInfo(
                "uuid", 0, "", 0, "", revision, ApplicationDescriptor.named(application)),
            new ExpandedApplication(
                application,
                "",
                DistributionDescriptor.NONE,
                SortedNames.empty(),
                SortedNames.empty(),
                List.of(),
                SortedNames.empty(),
                SortedNames.copyOf(expanded),
                List.of()));
    return tables.with(new RowChange.PutApplication(entry));
  }

  static RegistryTables without(RegistryTables tables, String application) {
    return tables.with(new RowChange.DeleteApplication(application));
  }
}
