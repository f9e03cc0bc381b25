package dev.firn.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.zeroc.Ice.Value;
import com.zeroc.IceGrid.AdaptiveLoadBalancingPolicy;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.CommunicatorDescriptor;
import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.LoadBalancingPolicy;
import com.zeroc.IceGrid.NodeDescriptor;
import com.zeroc.IceGrid.OrderedLoadBalancingPolicy;
import com.zeroc.IceGrid.RandomLoadBalancingPolicy;
import com.zeroc.IceGrid.RoundRobinLoadBalancingPolicy;
import com.zeroc.IceGrid.ServerDescriptor;
import com.zeroc.IceGrid.ServiceDescriptor;
import com.zeroc.IceGrid.TemplateDescriptor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What has to be known of the classes within an application's descriptor. */
final class Descriptors {
  /** How C++ orders dictionaries: by bytes. Java's own order differs beyond the basic plane. */
  private static final Comparator<String> BYTES =
      (a, b) -> Arrays.compareUnsigned(a.getBytes(UTF_8), b.getBytes(UTF_8));

  private static final Map<String, Supplier<Value>> FACTORIES =
      Map.of(
          CommunicatorDescriptor.ice_staticId(), CommunicatorDescriptor::new,
          ServerDescriptor.ice_staticId(), ServerDescriptor::new,
          IceBoxDescriptor.ice_staticId(), IceBoxDescriptor::new,
          ServiceDescriptor.ice_staticId(), ServiceDescriptor::new,
          LoadBalancingPolicy.ice_staticId(), LoadBalancingPolicy::new,
          RandomLoadBalancingPolicy.ice_staticId(), RandomLoadBalancingPolicy::new,
          OrderedLoadBalancingPolicy.ice_staticId(), OrderedLoadBalancingPolicy::new,
          RoundRobinLoadBalancingPolicy.ice_staticId(), RoundRobinLoadBalancingPolicy::new,
          AdaptiveLoadBalancingPolicy.ice_staticId(), AdaptiveLoadBalancingPolicy::new);

  private Descriptors() {}

  /** A new instance of the class, {@code null} if no descriptor contains such. */
  static @Nullable Value create(String typeId) {
    Supplier<Value> factory = FACTORIES.get(typeId);
    return factory == null ? null : factory.get();
  }

  /**
   * Puts all dictionaries into the order of ZeroC's C++ programs, in place, so that an application
   * always has the same encoded form, and the same as theirs.
   */
  static void sort(ApplicationDescriptor application) {
    application.variables = sorted(application.variables);
    application.serverTemplates = sorted(application.serverTemplates);
    application.serviceTemplates = sorted(application.serviceTemplates);
    application.nodes = sorted(application.nodes);
    application.propertySets = sorted(application.propertySets);
    sortTemplates(application.serverTemplates.values());
    sortTemplates(application.serviceTemplates.values());
    application.nodes.values().forEach(Descriptors::sortNode);
    forEachServer(application, Descriptors::sortServices);
  }

  private static void sortTemplates(Collection<TemplateDescriptor> templates) {
    for (TemplateDescriptor template : templates) {
      template.parameterDefaults = sorted(template.parameterDefaults);
    }
  }

  private static void sortNode(NodeDescriptor node) {
    node.variables = sorted(node.variables);
    node.propertySets = sorted(node.propertySets);
    for (var instance : node.serverInstances) {
      instance.parameterValues = sorted(instance.parameterValues);
      instance.servicePropertySets = sorted(instance.servicePropertySets);
    }
  }

  private static void sortServices(ServerDescriptor server) {
    if (server instanceof IceBoxDescriptor icebox) {
      for (var service : icebox.services) {
        service.parameterValues = sorted(service.parameterValues);
      }
    }
  }

  /** Visits the servers and IceBoxes of templates and nodes. */
  static void forEachServer(ApplicationDescriptor application, Consumer<ServerDescriptor> visitor) {
    for (TemplateDescriptor template : application.serverTemplates.values()) {
      if (template.descriptor instanceof ServerDescriptor server) {
        visitor.accept(server);
      }
    }
    for (NodeDescriptor node : application.nodes.values()) {
      node.servers.stream().filter(server -> server != null).forEach(visitor);
    }
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    Map<String, T> sorted = new TreeMap<>(BYTES);
    sorted.putAll(map);
    return sorted;
  }
}
