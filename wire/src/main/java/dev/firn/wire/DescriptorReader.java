package dev.firn.wire;

import com.zeroc.IceGrid.AdapterDescriptor;
import com.zeroc.IceGrid.AdaptiveLoadBalancingPolicy;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.CommunicatorDescriptor;
import com.zeroc.IceGrid.DbEnvDescriptor;
import com.zeroc.IceGrid.DistributionDescriptor;
import com.zeroc.IceGrid.IceBoxDescriptor;
import com.zeroc.IceGrid.LoadBalancingPolicy;
import com.zeroc.IceGrid.NodeDescriptor;
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
import dev.firn.model.DescriptorException;
import dev.firn.model.LoadBalancingPolicy.Type;
import dev.firn.model.SortedNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Descriptors as clients send them and as the database holds them, to the model's.
 *
 * <p>Clients may leave class members null, or put an instance of another class there; that is a
 * {@link DescriptorException} with the reason for the client.
 */
public final class DescriptorReader {
  private DescriptorReader() {}

  /**
   * An application from the bytes that a database holds.
   *
   * @throws com.zeroc.Ice.MarshalException if they are no application
   */
  public static dev.firn.model.ApplicationInfo info(byte[] bytes) throws DescriptorException {
    return info(ApplicationCodec.decode(bytes));
  }

  public static dev.firn.model.ApplicationInfo info(ApplicationInfo info)
      throws DescriptorException {
    return new dev.firn.model.ApplicationInfo(
        info.uuid,
        info.createTime,
        info.createUser,
        info.updateTime,
        info.updateUser,
        info.revision,
        application(info.descriptor));
  }

  public static dev.firn.model.ApplicationDescriptor application(ApplicationDescriptor application)
      throws DescriptorException {
    try {
      return new dev.firn.model.ApplicationDescriptor(
          application.name,
          SortedNames.copyOf(application.variables),
          each(application.replicaGroups, DescriptorReader::replicaGroup),
          serverTemplates(application.serverTemplates),
          serviceTemplates(application.serviceTemplates),
          nodes(application.nodes),
          distribution(application.distrib),
          application.description,
          propertySets(application.propertySets));
    } catch (DescriptorException e) {
      throw new DescriptorException("application `" + application.name + "':\n" + e.reason());
    }
  }

  public static dev.firn.model.ServerInstanceDescriptor serverInstance(
      ServerInstanceDescriptor instance) {
    return new dev.firn.model.ServerInstanceDescriptor(
        instance.template,
        SortedNames.copyOf(instance.parameterValues),
        propertySet(instance.propertySet),
        propertySets(instance.servicePropertySets));
  }

  public static dev.firn.model.ServerDescriptor server(@Nullable ServerDescriptor server)
      throws DescriptorException {
    if (server == null) {
      throw new DescriptorException("invalid server: its descriptor is null");
    }
    var builder =
        dev.firn.model.ServerDescriptor.builder(server.id, server.exe)
            .communicator(communicator(server))
            .iceVersion(server.iceVersion)
            .pwd(server.pwd)
            .options(server.options)
            .envs(server.envs)
            .activation(server.activation)
            .activationTimeout(server.activationTimeout)
            .deactivationTimeout(server.deactivationTimeout)
            .applicationDistrib(server.applicationDistrib)
            .distrib(distribution(server.distrib))
            .allocatable(server.allocatable)
            .user(server.user);
    if (server instanceof IceBoxDescriptor icebox) {
      builder.services(each(icebox.services, DescriptorReader::serviceInstance));
    }
    return builder.build();
  }

  static SortedMap<String, dev.firn.model.TemplateDescriptor<dev.firn.model.ServerDescriptor>>
      serverTemplates(Map<String, TemplateDescriptor> templates) throws DescriptorException {
    var read =
        new TreeMap<String, dev.firn.model.TemplateDescriptor<dev.firn.model.ServerDescriptor>>(
            SortedNames.ORDER);
    for (var entry : SortedNames.copyOf(templates).entrySet()) {
      TemplateDescriptor template = entry.getValue();
      if (!(template.descriptor instanceof ServerDescriptor server)) {
        throw badTemplate("server", entry.getKey(), template.descriptor);
      }
      read.put(
          entry.getKey(),
          new dev.firn.model.TemplateDescriptor<>(
              server(server), template.parameters, SortedNames.copyOf(template.parameterDefaults)));
    }
    return SortedNames.copyOf(read);
  }

  static SortedMap<String, dev.firn.model.TemplateDescriptor<dev.firn.model.ServiceDescriptor>>
      serviceTemplates(Map<String, TemplateDescriptor> templates) throws DescriptorException {
    var read =
        new TreeMap<String, dev.firn.model.TemplateDescriptor<dev.firn.model.ServiceDescriptor>>(
            SortedNames.ORDER);
    for (var entry : SortedNames.copyOf(templates).entrySet()) {
      TemplateDescriptor template = entry.getValue();
      if (!(template.descriptor instanceof ServiceDescriptor service)) {
        throw badTemplate("service", entry.getKey(), template.descriptor);
      }
      read.put(
          entry.getKey(),
          new dev.firn.model.TemplateDescriptor<>(
              service(service),
              template.parameters,
              SortedNames.copyOf(template.parameterDefaults)));
    }
    return SortedNames.copyOf(read);
  }

  private static DescriptorException badTemplate(
      String kind, String id, @Nullable CommunicatorDescriptor descriptor) {
    return new DescriptorException(
        "invalid "
            + kind
            + " template `"
            + id
            + "': "
            + (descriptor == null
                ? "definition is empty"
                : "it defines a " + descriptor.ice_id() + ", expected a " + kind));
  }

  private static SortedMap<String, dev.firn.model.NodeDescriptor> nodes(
      Map<String, NodeDescriptor> nodes) throws DescriptorException {
    var read = new TreeMap<String, dev.firn.model.NodeDescriptor>(SortedNames.ORDER);
    for (var entry : SortedNames.copyOf(nodes).entrySet()) {
      NodeDescriptor node = entry.getValue();
      try {
        read.put(
            entry.getKey(),
            new dev.firn.model.NodeDescriptor(
                SortedNames.copyOf(node.variables),
                each(node.serverInstances, DescriptorReader::serverInstance),
                each(node.servers, DescriptorReader::server),
                node.loadFactor,
                node.description,
                propertySets(node.propertySets)));
      } catch (DescriptorException e) {
        throw new DescriptorException("node `" + entry.getKey() + "':\n" + e.reason());
      }
    }
    return SortedNames.copyOf(read);
  }

  static dev.firn.model.ReplicaGroupDescriptor replicaGroup(ReplicaGroupDescriptor group)
      throws DescriptorException {
    return new dev.firn.model.ReplicaGroupDescriptor(
        group.id,
        policy(group.id, group.loadBalancing),
        group.proxyOptions,
        each(group.objects, DescriptorReader::object),
        group.description,
        group.filter);
  }

  private static dev.firn.model.LoadBalancingPolicy policy(
      String group, @Nullable LoadBalancingPolicy policy) throws DescriptorException {
    if (policy == null) {
      throw new DescriptorException("replica group load balancing is not set");
    }
    if (policy instanceof AdaptiveLoadBalancingPolicy adaptive) {
      return new dev.firn.model.LoadBalancingPolicy(
          Type.ADAPTIVE, adaptive.nReplicas, adaptive.loadSample);
    }
    Type type;
    if (policy instanceof RandomLoadBalancingPolicy) {
      type = Type.RANDOM;
    } else if (policy instanceof OrderedLoadBalancingPolicy) {
      type = Type.ORDERED;
    } else if (policy instanceof RoundRobinLoadBalancingPolicy) {
      type = Type.ROUND_ROBIN;
    } else {
      throw new DescriptorException(
          "invalid load balancing policy of replica group `"
              + group
              + "': expected random, ordered, round-robin or adaptive");
    }
    return new dev.firn.model.LoadBalancingPolicy(type, policy.nReplicas, "");
  }

  private static dev.firn.model.CommunicatorDescriptor communicator(CommunicatorDescriptor from)
      throws DescriptorException {
    return new dev.firn.model.CommunicatorDescriptor(
        each(from.adapters, DescriptorReader::adapter),
        propertySet(from.propertySet),
        each(from.dbEnvs, DescriptorReader::dbEnv),
        List.of(from.logs),
        from.description);
  }

  private static dev.firn.model.ServiceDescriptor service(ServiceDescriptor service)
      throws DescriptorException {
    return new dev.firn.model.ServiceDescriptor(communicator(service), service.name, service.entry);
  }

  private static dev.firn.model.ServiceInstanceDescriptor serviceInstance(
      ServiceInstanceDescriptor instance) throws DescriptorException {
    return new dev.firn.model.ServiceInstanceDescriptor(
        instance.template,
        SortedNames.copyOf(instance.parameterValues),
        instance.descriptor == null ? Optional.empty() : Optional.of(service(instance.descriptor)),
        propertySet(instance.propertySet));
  }

  private static dev.firn.model.AdapterDescriptor adapter(AdapterDescriptor adapter)
      throws DescriptorException {
    return new dev.firn.model.AdapterDescriptor(
        adapter.name,
        adapter.description,
        adapter.id,
        adapter.replicaGroupId,
        adapter.priority,
        adapter.registerProcess,
        adapter.serverLifetime,
        each(adapter.objects, DescriptorReader::object),
        each(adapter.allocatables, DescriptorReader::object));
  }

  private static dev.firn.model.ObjectDescriptor object(ObjectDescriptor object) {
    return new dev.firn.model.ObjectDescriptor(
        Mapping.objectId(object.id), object.type, object.proxyOptions);
  }

  private static dev.firn.model.DbEnvDescriptor dbEnv(DbEnvDescriptor dbEnv)
      throws DescriptorException {
    return new dev.firn.model.DbEnvDescriptor(
        dbEnv.name,
        dbEnv.description,
        dbEnv.dbHome,
        each(dbEnv.properties, DescriptorReader::property));
  }

  static dev.firn.model.DistributionDescriptor distribution(DistributionDescriptor distrib) {
    return new dev.firn.model.DistributionDescriptor(distrib.icepatch, distrib.directories);
  }

  static SortedMap<String, dev.firn.model.PropertySetDescriptor> propertySets(
      Map<String, PropertySetDescriptor> sets) {
    var read = new TreeMap<String, dev.firn.model.PropertySetDescriptor>(SortedNames.ORDER);
    sets.forEach((id, set) -> read.put(id, propertySet(set)));
    return SortedNames.copyOf(read);
  }

  private static dev.firn.model.PropertySetDescriptor propertySet(PropertySetDescriptor set) {
    return new dev.firn.model.PropertySetDescriptor(
        List.of(set.references), set.properties.stream().map(DescriptorReader::property).toList());
  }

  static dev.firn.model.PropertyDescriptor property(PropertyDescriptor property) {
    return new dev.firn.model.PropertyDescriptor(property.name, property.value);
  }

  /** A step of reading. */
  interface Step<F, T> {
    T read(F from) throws DescriptorException;
  }

  static <F, T> List<T> each(List<F> from, Step<F, T> step) throws DescriptorException {
    List<T> read = new ArrayList<>(from.size());
    for (F element : from) {
      read.add(step.read(element));
    }
    return read;
  }
}
