package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Util;
import dev.firn.model.AdapterDescriptor;
import dev.firn.model.ApplicationDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.CommunicatorDescriptor;
import dev.firn.model.NodeDescriptor;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.ObjectId;
import dev.firn.model.PropertyDescriptor;
import dev.firn.model.PropertySetDescriptor;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.SortedNames;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeploymentTracesTest {
  private final RecordingLogger logger = new RecordingLogger();

  @Test
  void whatApplicationsBringAndTakeAwayIsLogged() {
    Traces traces = traces("1");
    ApplicationEntry entry = application("s");
    RegistryTables with = RegistryTables.EMPTY.with(new RowChange.PutApplication(entry));

    DeploymentTraces.trace(
        traces, RegistryTables.EMPTY, with, List.of(new RegistryEvent.ApplicationAdded(entry)));
    assertThat(logger.lines())
        .containsExactly(
            "Adapter: added adapter `s.A'",
            "Object: added object `c/o'",
            "Object: added allocatable object `c/p'");
    logger.lines().clear();
    DeploymentTraces.trace(
        traces, with, RegistryTables.EMPTY, List.of(new RegistryEvent.ApplicationRemoved("App")));
    assertThat(logger.lines())
        .containsExactly(
            "Adapter: removed adapter `s.A'",
            "Object: removed object `c/o'",
            "Object: removed allocatable object `c/p'");
  }

  @Test
  void anApplicationThatDeploysNothingIsAnError() {
    ApplicationEntry broken = application("${undefined}");
    RegistryTables with = RegistryTables.EMPTY.with(new RowChange.PutApplication(broken));

    DeploymentTraces.trace(
        traces("0"),
        RegistryTables.EMPTY,
        with,
        List.of(new RegistryEvent.ApplicationsReplaced(List.of(broken))));
    assertThat(logger.lines())
        .singleElement()
        .asString()
        .startsWith("error: invalid application `App':\n")
        .contains("undefined");
  }

  private Traces traces(String level) {
    var properties = Util.createProperties();
    properties.setProperty("IceGrid.Registry.Trace.Adapter", level);
    properties.setProperty("IceGrid.Registry.Trace.Object", level);
    return new Traces(properties, logger);
  }

  private static ApplicationEntry application(String server) {
    AdapterDescriptor adapter =
        new AdapterDescriptor(
            "A",
            "",
            server + ".A",
            "",
            "",
            false,
            true,
            List.of(new ObjectDescriptor(new ObjectId("o", "c"), "::T", "")),
            List.of(new ObjectDescriptor(new ObjectId("p", "c"), "::T", "")));
    var communicator =
        new CommunicatorDescriptor(
            List.of(adapter),
            PropertySetDescriptor.of(List.of(new PropertyDescriptor("A.Endpoints", "default"))),
            List.of(),
            List.of(),
            "");
    NodeDescriptor node =
        new NodeDescriptor(
            SortedNames.empty(),
            List.of(),
            List.of(ServerDescriptor.builder(server, "exe").communicator(communicator).build()),
            "",
            "",
            SortedNames.empty());
    return ApplicationEntry.of(
        new ApplicationInfo(
            "uuid",
            1,
            "a",
            1,
            "a",
            1,
            ApplicationDescriptor.named("App").withNodes(SortedNames.copyOf(Map.of("n", node)))));
  }
}
