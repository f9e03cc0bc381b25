package dev.firn.wire;

import com.zeroc.IceGrid.AdapterDescriptor;
import com.zeroc.IceGrid.AdaptiveLoadBalancingPolicy;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationUpdateDescriptor;
import com.zeroc.IceGrid.ApplicationUpdateInfo;
import com.zeroc.IceGrid.BoxedDistributionDescriptor;
import com.zeroc.IceGrid.BoxedString;
import com.zeroc.IceGrid.CommunicatorDescriptor;
import com.zeroc.IceGrid.DbEnvDescriptor;
import com.zeroc.IceGrid.DistributionDescriptor;
import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.LoadBalancingPolicy;
import com.zeroc.IceGrid.NodeDescriptor;
import com.zeroc.IceGrid.NodeUpdateDescriptor;
import com.zeroc.IceGrid.ObjectDescriptor;
import com.zeroc.IceGrid.OrderedLoadBalancingPolicy;
import com.zeroc.IceGrid.PropertyDescriptor;
import com.zeroc.IceGrid.PropertySetDescriptor;
import com.zeroc.IceGrid.RandomLoadBalancingPolicy;
import com.zeroc.IceGrid.ReplicaGroupDescriptor;
import com.zeroc.IceGrid.RoundRobinLoadBalancingPolicy;
import com.zeroc.IceGrid.ServerDescriptor;
import com.zeroc.IceGrid.ServerInstanceDescriptor;
import com.zeroc.IceGrid.ServiceDescriptor;
import com.zeroc.IceGrid.ServiceInstanceDescriptor;
import com.zeroc.IceGrid.TemplateDescriptor;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.SortedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The model's descriptors to those that go to clients, nodes, slaves and into the database. */
public final class DescriptorWriter {
  private DescriptorWriter() {}

  /** The bytes that a database holds, the same as ZeroC's registry writes; made once. */
  public static byte[] bytes(ApplicationEntry entry) {
    return entry.encoded(info -> ApplicationCodec.encode(info(info)));
  }

  public static ApplicationInfo info(dev.firn.model.ApplicationInfo info) {
    return new ApplicationInfo(
        info.uuid(),
        info.createTimeMillis(),
        info.createUser(),
        info.updateTimeMillis(),
        info.updateUser(),
        info.revision(),
        application(info.descriptor()));
  }

  public static ApplicationDescriptor application(
      dev.firn.model.ApplicationDescriptor application) {
    return new ApplicationDescriptor(
        application.name(),
        sorted(application.variables()),
        each(application.replicaGroups(), DescriptorWriter::replicaGroup),
        values(application.serverTemplates(), t -> template(t, server(t.descriptor()))),
        values(application.serviceTemplates(), t -> template(t, service(t.descriptor()))),
        values(application.nodes(), DescriptorWriter::node),
        distribution(application.distrib()),
        application.description(),
        values(application.propertySets(), DescriptorWriter::propertySet));
  }

  /**
   * An update as it is published.
   *
   * @param after the application as it is after the update
   */
  public static ApplicationUpdateInfo updateInfo(
      dev.firn.model.ApplicationInfo after, dev.firn.model.ApplicationUpdateDescriptor update) {
    return new ApplicationUpdateInfo(
        after.updateTimeMillis(), after.updateUser(), after.revision(), update(update));
  }

  public static ApplicationUpdateDescriptor update(
      dev.firn.model.ApplicationUpdateDescriptor update) {
    return new ApplicationUpdateDescriptor(
        update.name(),
        box(update.description()),
        update
            .distrib()
            .map(distrib -> new BoxedDistributionDescriptor(distribution(distrib)))
            .orElse(null),
        sorted(update.variables()),
        array(update.removeVariables()),
        values(update.propertySets(), DescriptorWriter::propertySet),
        array(update.removePropertySets()),
        each(update.replicaGroups(), DescriptorWriter::replicaGroup),
        array(update.removeReplicaGroups()),
        values(update.serverTemplates(), t -> template(t, server(t.descriptor()))),
        array(update.removeServerTemplates()),
        values(update.serviceTemplates(), t -> template(t, service(t.descriptor()))),
        array(update.removeServiceTemplates()),
        each(update.nodes(), DescriptorWriter::nodeUpdate),
        array(update.removeNodes()));
  }

  /** A server, of the class of IceBoxes if it is one. */
  public static ServerDescriptor server(dev.firn.model.ServerDescriptor server) {
    ServerDescriptor written;
    if (server.icebox()) {
      var icebox = new IceBoxDescriptor();
      icebox.services = each(server.services(), DescriptorWriter::serviceInstance);
      written = icebox;
    } else {
      written = new ServerDescriptor();
    }
    fill(written, server.communicator());
    written.id = server.id();
    written.exe = server.exe();
    written.iceVersion = server.iceVersion();
    written.pwd = server.pwd();
    written.options = new ArrayList<>(server.options());
    written.envs = new ArrayList<>(server.envs());
    written.activation = server.activation();
    written.activationTimeout = server.activationTimeout();
    written.deactivationTimeout = server.deactivationTimeout();
    written.applicationDistrib = server.applicationDistrib();
    written.distrib = distribution(server.distrib());
    written.allocatable = server.allocatable();
    written.user = server.user();
    return written;
  }

  public static ServerInstanceDescriptor serverInstance(
      dev.firn.model.ServerInstanceDescriptor instance) {
    return new ServerInstanceDescriptor(
        instance.template(),
        sorted(instance.parameterValues()),
        propertySet(instance.propertySet()),
        values(instance.servicePropertySets(), DescriptorWriter::propertySet));
  }

  private static ServiceDescriptor service(dev.firn.model.ServiceDescriptor service) {
    var written = new ServiceDescriptor();
    fill(written, service.communicator());
    written.name = service.name();
    written.entry = service.entry();
    return written;
  }

  private static void fill(
      CommunicatorDescriptor written, dev.firn.model.CommunicatorDescriptor communicator) {
    written.adapters = each(communicator.adapters(), DescriptorWriter::adapter);
    written.propertySet = propertySet(communicator.propertySet());
    written.dbEnvs = each(communicator.dbEnvs(), DescriptorWriter::dbEnv);
    written.logs = array(communicator.logs());
    written.description = communicator.description();
  }

  private static ServiceInstanceDescriptor serviceInstance(
      dev.firn.model.ServiceInstanceDescriptor instance) {
    return new ServiceInstanceDescriptor(
        instance.template(),
        sorted(instance.parameterValues()),
        instance.descriptor().map(DescriptorWriter::service).orElse(null),
        propertySet(instance.propertySet()));
  }

  private static TemplateDescriptor template(
      dev.firn.model.TemplateDescriptor<?> template, CommunicatorDescriptor descriptor) {
    return new TemplateDescriptor(
        descriptor, new ArrayList<>(template.parameters()), sorted(template.parameterDefaults()));
  }

  private static NodeDescriptor node(dev.firn.model.NodeDescriptor node) {
    return new NodeDescriptor(
        sorted(node.variables()),
        each(node.serverInstances(), DescriptorWriter::serverInstance),
        each(node.servers(), DescriptorWriter::server),
        node.loadFactor(),
        node.description(),
        values(node.propertySets(), DescriptorWriter::propertySet));
  }

  private static NodeUpdateDescriptor nodeUpdate(dev.firn.model.NodeUpdateDescriptor node) {
    return new NodeUpdateDescriptor(
        node.name(),
        box(node.description()),
        sorted(node.variables()),
        array(node.removeVariables()),
        values(node.propertySets(), DescriptorWriter::propertySet),
        array(node.removePropertySets()),
        each(node.serverInstances(), DescriptorWriter::serverInstance),
        each(node.servers(), DescriptorWriter::server),
        array(node.removeServers()),
        box(node.loadFactor()));
  }

  private static ReplicaGroupDescriptor replicaGroup(dev.firn.model.ReplicaGroupDescriptor group) {
    return new ReplicaGroupDescriptor(
        group.id(),
        policy(group.loadBalancing()),
        group.proxyOptions(),
        each(group.objects(), DescriptorWriter::object),
        group.description(),
        group.filter());
  }

  private static LoadBalancingPolicy policy(dev.firn.model.LoadBalancingPolicy policy) {
    String nReplicas = policy.nReplicas();
    return switch (policy.type()) {
      case RANDOM -> new RandomLoadBalancingPolicy(nReplicas);
      case ORDERED -> new OrderedLoadBalancingPolicy(nReplicas);
      case ROUND_ROBIN -> new RoundRobinLoadBalancingPolicy(nReplicas);
      case ADAPTIVE -> new AdaptiveLoadBalancingPolicy(nReplicas, policy.loadSample());
    };
  }

  private static AdapterDescriptor adapter(dev.firn.model.AdapterDescriptor adapter) {
    return new AdapterDescriptor(
        adapter.name(),
        adapter.description(),
        adapter.id(),
        adapter.replicaGroupId(),
        adapter.priority(),
        adapter.registerProcess(),
        adapter.serverLifetime(),
        each(adapter.objects(), DescriptorWriter::object),
        each(adapter.allocatables(), DescriptorWriter::object));
  }

  private static ObjectDescriptor object(dev.firn.model.ObjectDescriptor object) {
    return new ObjectDescriptor(
        Mapping.identity(object.id()), object.type(), object.proxyOptions());
  }

  private static DbEnvDescriptor dbEnv(dev.firn.model.DbEnvDescriptor dbEnv) {
    return new DbEnvDescriptor(
        dbEnv.name(),
        dbEnv.description(),
        dbEnv.dbHome(),
        each(dbEnv.properties(), DescriptorWriter::property));
  }

  private static DistributionDescriptor distribution(
      dev.firn.model.DistributionDescriptor distrib) {
    return new DistributionDescriptor(distrib.icepatch(), new ArrayList<>(distrib.directories()));
  }

  private static PropertySetDescriptor propertySet(dev.firn.model.PropertySetDescriptor set) {
    return new PropertySetDescriptor(
        array(set.references()), each(set.properties(), DescriptorWriter::property));
  }

  static PropertyDescriptor property(dev.firn.model.PropertyDescriptor property) {
    return new PropertyDescriptor(property.name(), property.value());
  }

  private static @Nullable BoxedString box(Optional<String> value) {
    return value.map(BoxedString::new).orElse(null);
  }

  static String[] array(List<String> strings) {
    return strings.toArray(new String[0]);
  }

  private static Map<String, String> sorted(Map<String, String> map) {
    return values(map, value -> value);
  }

  /** Generated classes copy and change what they hold, so they get maps that can be changed. */
  private static <F, T> Map<String, T> values(Map<String, F> map, Function<F, T> step) {
    Map<String, T> written = new TreeMap<>(SortedNames.ORDER);
    map.forEach((name, value) -> written.put(name, step.apply(value)));
    return written;
  }

  static <F, T> List<T> each(List<F> from, Function<F, T> step) {
    List<T> written = new ArrayList<>(from.size());
    from.forEach(element -> written.add(step.apply(element)));
    return written;
  }
}
