package dev.firn.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which descriptors mean the same: adapters, objects and database environments have no order;
 * everything else has.
 */
final class DescriptorEquality {
  private DescriptorEquality() {}

  static boolean same(ServerDescriptor a, ServerDescriptor b) {
    return a.equals(b) || canonical(a).equals(canonical(b));
  }

  static boolean same(ReplicaGroupDescriptor a, ReplicaGroupDescriptor b) {
    return a.equals(b) || canonical(a).equals(canonical(b));
  }

  static boolean sameServers(
      TemplateDescriptor<ServerDescriptor> a, TemplateDescriptor<ServerDescriptor> b) {
    return a.parameters().equals(b.parameters())
        && a.parameterDefaults().equals(b.parameterDefaults())
        && same(a.descriptor(), b.descriptor());
  }

  static boolean sameServices(
      TemplateDescriptor<ServiceDescriptor> a, TemplateDescriptor<ServiceDescriptor> b) {
    return a.parameters().equals(b.parameters())
        && a.parameterDefaults().equals(b.parameterDefaults())
        && (a.descriptor().equals(b.descriptor())
            || canonical(a.descriptor()).equals(canonical(b.descriptor())));
  }

  /** The server with what has no order in the order of names. */
  static ServerDescriptor canonical(ServerDescriptor server) {
    var builder = server.toBuilder().communicator(canonical(server.communicator()));
    if (server.icebox()) {
      builder.services(
          server.services().stream()
              .map(
                  service ->
                      new ServiceInstanceDescriptor(
                          service.template(),
                          service.parameterValues(),
                          service.descriptor().map(DescriptorEquality::canonical),
                          service.propertySet()))
              .toList());
    }
    return builder.build();
  }

  private static ServiceDescriptor canonical(ServiceDescriptor service) {
    return new ServiceDescriptor(
        canonical(service.communicator()), service.name(), service.entry());
  }

  private static CommunicatorDescriptor canonical(CommunicatorDescriptor communicator) {
    return new CommunicatorDescriptor(
        sorted(
            communicator.adapters().stream().map(DescriptorEquality::canonical).toList(),
            Comparator.comparing(AdapterDescriptor::id)),
        communicator.propertySet(),
        sorted(communicator.dbEnvs(), Comparator.comparing(DbEnvDescriptor::name)),
        communicator.logs(),
        communicator.description());
  }

  private static AdapterDescriptor canonical(AdapterDescriptor adapter) {
    return new AdapterDescriptor(
        adapter.name(),
        adapter.description(),
        adapter.id(),
        adapter.replicaGroupId(),
        adapter.priority(),
        adapter.registerProcess(),
        adapter.serverLifetime(),
        sorted(adapter.objects(), Comparator.comparing(ObjectDescriptor::id)),
        sorted(adapter.allocatables(), Comparator.comparing(ObjectDescriptor::id)));
  }

  private static ReplicaGroupDescriptor canonical(ReplicaGroupDescriptor group) {
    return new ReplicaGroupDescriptor(
        group.id(),
        group.loadBalancing(),
        group.proxyOptions(),
        sorted(group.objects(), Comparator.comparing(ObjectDescriptor::id)),
        group.description(),
        group.filter());
  }

  private static <T> List<T> sorted(List<T> list, Comparator<T> order) {
    List<T> sorted = new ArrayList<>(list);
    sorted.sort(order);
    return sorted;
  }
}
