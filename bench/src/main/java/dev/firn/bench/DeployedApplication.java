package dev.firn.bench;

import com.zeroc.Ice.Identity;
import com.zeroc.IceGrid.AdapterDescriptor;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.DistributionDescriptor;
import com.zeroc.IceGrid.NodeDescriptor;
import com.zeroc.IceGrid.ObjectDescriptor;
import com.zeroc.IceGrid.PropertyDescriptor;
import com.zeroc.IceGrid.PropertySetDescriptor;
import com.zeroc.IceGrid.ServerDescriptor;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import com.zeroc.IceGrid.TemplateDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An application for measuring: servers made of one template, each with an adapter, an object and a
 * property that depends on the application's variable. Ids are those of {@link Dataset}.
 */
final class DeployedApplication {
  static final String NAME = "Bench";
  private static final String VARIABLE = "value";
  private static final String TEMPLATE = "Light";

  private DeployedApplication() {}

  static ApplicationDescriptor of(int servers, int nodes) {
    var application = new ApplicationDescriptor();
    application.name = NAME;
    application.variables = new TreeMap<>(Map.of(VARIABLE, "1"));
    application.replicaGroups = new ArrayList<>();
    application.serverTemplates = Map.of(TEMPLATE, template());
    application.serviceTemplates = Map.of();
    application.nodes = new TreeMap<>();
    application.propertySets = Map.of();
    application.distrib = new DistributionDescriptor("", List.of());
    for (int node = 0; node < nodes; node++) {
      var descriptor = new NodeDescriptor();
      descriptor.variables = new TreeMap<>();
      descriptor.propertySets = Map.of();
      descriptor.servers = new ArrayList<>();
      descriptor.serverInstances = new ArrayList<>();
      for (int server = node; server < servers; server += nodes) {
        descriptor.serverInstances.add(instance(server));
      }
      application.nodes.put("node-" + node, descriptor);
    }
    return application;
  }

  private static ServerInstanceDescriptor instance(int server) {
    return new ServerInstanceDescriptor(
        TEMPLATE,
        new TreeMap<>(Map.of("index", "%06d".formatted(server))),
        properties(List.of()),
        Map.of());
  }

  private static TemplateDescriptor template() {
    var server = new ServerDescriptor();
    server.id = "server-${index}";
    server.exe = "/bin/true";
    server.activation = "on-demand";
    server.options = List.of();
    server.envs = List.of();
    server.dbEnvs = new ArrayList<>();
    server.logs = new String[0];
    server.distrib = new DistributionDescriptor("", List.of());
    server.propertySet =
        properties(
            List.of(
                new PropertyDescriptor("A.Endpoints", "tcp -h 127.0.0.1"),
                new PropertyDescriptor("Value", "${" + VARIABLE + "}")));
    var adapter = new AdapterDescriptor();
    adapter.name = "A";
    adapter.id = "BenchAdapter-${index}";
    adapter.serverLifetime = true;
    adapter.objects = new ArrayList<>();
    adapter.allocatables = new ArrayList<>();
    adapter.objects.add(
        new ObjectDescriptor(new Identity("object-${index}", "bench"), Dataset.OBJECT_TYPE, ""));
    server.adapters = new ArrayList<>(List.of(adapter));
    return new TemplateDescriptor(server, List.of("index"), new TreeMap<>());
  }

  private static PropertySetDescriptor properties(List<PropertyDescriptor> properties) {
    return new PropertySetDescriptor(new String[0], new ArrayList<>(properties));
  }

  /** Sets the variable, on which every server depends. */
  static ApplicationUpdateDescriptor update(String value) {
    var update = new ApplicationUpdateDescriptor();
    update.name = NAME;
    update.variables = new TreeMap<>(Map.of(VARIABLE, value));
    update.removeVariables = new String[0];
    update.propertySets = Map.of();
    update.removePropertySets = new String[0];
    update.replicaGroups = new ArrayList<>();
    update.removeReplicaGroups = new String[0];
    update.serverTemplates = Map.of();
    update.removeServerTemplates = new String[0];
    update.serviceTemplates = Map.of();
    update.removeServiceTemplates = new String[0];
    update.nodes = List.of();
    update.removeNodes = new String[0];
    return update;
  }
}
