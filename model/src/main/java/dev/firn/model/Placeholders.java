package dev.firn.model;

import java.util.List;

/** Finds whether an expanded server has names or escapes left, for its node to be replaced. */
final class Placeholders {
  private Placeholders() {}

  static boolean in(ServerDescriptor server) {
    return in(server.id())
        || in(server.exe())
        || in(server.iceVersion())
        || in(server.pwd())
        || inAny(server.options())
        || inAny(server.envs())
        || in(server.activation())
        || in(server.activationTimeout())
        || in(server.deactivationTimeout())
        || in(server.distrib().icepatch())
        || inAny(server.distrib().directories())
        || in(server.user())
        || in(server.communicator())
        || inServices(server.services());
  }

  private static boolean in(CommunicatorDescriptor communicator) {
    return in(communicator.description())
        || inProperties(communicator.propertySet())
        || inAdapters(communicator.adapters())
        || inDbEnvs(communicator.dbEnvs())
        || inAny(communicator.logs());
  }

  /** Those of an expanded server are written within it; any other is said to have some. */
  private static boolean inServices(List<ServiceInstanceDescriptor> services) {
    for (ServiceInstanceDescriptor instance : services) {
      ServiceDescriptor service = instance.descriptor().orElse(null);
      if (service == null
          || !instance.propertySet().isEmpty()
          || in(service.name())
          || in(service.entry())
          || in(service.communicator())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inAdapters(List<AdapterDescriptor> adapters) {
    for (AdapterDescriptor adapter : adapters) {
      if (in(adapter.name())
          || in(adapter.description())
          || in(adapter.id())
          || in(adapter.replicaGroupId())
          || in(adapter.priority())
          || inObjects(adapter.objects())
          || inObjects(adapter.allocatables())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inObjects(List<ObjectDescriptor> objects) {
    for (ObjectDescriptor object : objects) {
      if (in(object.id().name())
          || in(object.id().category())
          || in(object.type())
          || in(object.proxyOptions())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inDbEnvs(List<DbEnvDescriptor> dbEnvs) {
    for (DbEnvDescriptor dbEnv : dbEnvs) {
      if (in(dbEnv.name())
          || in(dbEnv.description())
          || in(dbEnv.dbHome())
          || inEach(dbEnv.properties())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inProperties(PropertySetDescriptor set) {
    return !set.references().isEmpty() || inEach(set.properties());
  }

  private static boolean inEach(List<PropertyDescriptor> properties) {
    for (PropertyDescriptor property : properties) {
      if (in(property.name()) || in(property.value())) {
        return true;
      }
    }
    return false;
  }

  private static boolean inAny(List<String> values) {
    for (String value : values) {
      if (in(value)) {
        return true;
      }
    }
    return false;
  }

  private static boolean in(String value) {
    return value.indexOf("${") >= 0;
  }
}
