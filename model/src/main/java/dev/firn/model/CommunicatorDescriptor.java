package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.List;

/** What servers and services have in common. */
public record CommunicatorDescriptor(
    List<AdapterDescriptor> adapters,
    PropertySetDescriptor propertySet,
    List<DbEnvDescriptor> dbEnvs,
    List<String> logs,
    String description) {
  public static final CommunicatorDescriptor EMPTY =
      new CommunicatorDescriptor(List.of(), PropertySetDescriptor.EMPTY, List.of(), List.of(), "");

  public CommunicatorDescriptor {
    adapters = List.copyOf(adapters);
    requireNonNull(propertySet, "propertySet");
    dbEnvs = List.copyOf(dbEnvs);
    logs = List.copyOf(logs);
    requireNonNull(description, "description");
  }

  public CommunicatorDescriptor withPropertySet(PropertySetDescriptor newPropertySet) {
    return new CommunicatorDescriptor(adapters, newPropertySet, dbEnvs, logs, description);
  }

  public CommunicatorDescriptor withDescription(String newDescription) {
    return new CommunicatorDescriptor(adapters, propertySet, dbEnvs, logs, newDescription);
  }
}
