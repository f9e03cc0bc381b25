package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What differs between two descriptors of a server, for people to read.
 *
 * @param restarting what only a restart makes known to the server or its node
 * @param properties of the server and its services
 * @param descriptions what nobody but people sees
 */
record ServerDifferences(
    List<String> restarting, List<String> properties, List<String> descriptions) {
  static ServerDifferences between(ServerDescriptor before, ServerDescriptor after) {
    var differences =
        new ServerDifferences(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    differences.server(before, after);
    return differences;
  }

  List<String> all() {
    List<String> all = new ArrayList<>(restarting);
    all.addAll(properties);
    all.addAll(descriptions);
    return all;
  }

  private void server(ServerDescriptor a, ServerDescriptor b) {
    value("exe", a.exe(), b.exe());
    value("ice-version", a.iceVersion(), b.iceVersion());
    value("pwd", a.pwd(), b.pwd());
    value("option", String.join(" ", a.options()), String.join(" ", b.options()));
    if (!a.options().equals(b.options())
        && String.join(" ", a.options()).equals(String.join(" ", b.options()))) {
      restarting.add("option: split differently");
    }
    value("env", String.join(" ", a.envs()), String.join(" ", b.envs()));
    if (!a.envs().equals(b.envs())
        && String.join(" ", a.envs()).equals(String.join(" ", b.envs()))) {
      restarting.add("env: split differently");
    }
    value("activation", a.activation(), b.activation());
    value("activation-timeout", a.activationTimeout(), b.activationTimeout());
    value("deactivation-timeout", a.deactivationTimeout(), b.deactivationTimeout());
    value("user", a.user(), b.user());
    value("allocatable", a.allocatable() + "", b.allocatable() + "");
    value("application-distrib", a.applicationDistrib() + "", b.applicationDistrib() + "");
    value("distrib", text(a.distrib()), text(b.distrib()));
    value("kind", a.icebox() ? "icebox" : "server", b.icebox() ? "icebox" : "server");
    communicator("", a.communicator(), b.communicator());
    services(ExpandedServer.services(a), ExpandedServer.services(b));
  }

  private void services(List<ServiceDescriptor> a, List<ServiceDescriptor> b) {
    SortedMap<String, ServiceDescriptor> before = byName(a, ServiceDescriptor::name);
    SortedMap<String, ServiceDescriptor> after = byName(b, ServiceDescriptor::name);
    members("service", before, after);
    before.forEach(
        (name, old) -> {
          ServiceDescriptor now = after.get(name);
          if (now != null) {
            String prefix = "service `" + name + "' ";
            value(prefix + "entry", old.entry(), now.entry());
            communicator(prefix, old.communicator(), now.communicator());
          }
        });
    List<String> namesBefore = a.stream().map(ServiceDescriptor::name).toList();
    List<String> namesAfter = b.stream().map(ServiceDescriptor::name).toList();
    if (before.keySet().equals(after.keySet()) && !namesBefore.equals(namesAfter)) {
      value("order of services", String.join(" ", namesBefore), String.join(" ", namesAfter));
    }
  }

  private void communicator(String prefix, CommunicatorDescriptor a, CommunicatorDescriptor b) {
    var before = byName(a.adapters(), AdapterDescriptor::id);
    var after = byName(b.adapters(), AdapterDescriptor::id);
    members(prefix + "adapter", before, after);
    before.forEach(
        (id, old) -> {
          AdapterDescriptor now = after.get(id);
          if (now != null) {
            adapter(prefix + "adapter `" + id + "' ", old, now);
          }
        });
    var dbEnvsBefore = byName(a.dbEnvs(), DbEnvDescriptor::name);
    var dbEnvsAfter = byName(b.dbEnvs(), DbEnvDescriptor::name);
    members(prefix + "dbenv", dbEnvsBefore, dbEnvsAfter);
    dbEnvsBefore.forEach(
        (name, old) -> {
          DbEnvDescriptor now = dbEnvsAfter.get(name);
          if (now != null && !old.equals(now)) {
            restarting.add(prefix + "dbenv `" + name + "' changed");
          }
        });
    value(prefix + "log", String.join(" ", a.logs()), String.join(" ", b.logs()));
    described(prefix, a.description(), b.description());
    properties(prefix, a.propertySet().properties(), b.propertySet().properties());
  }

  private void adapter(String prefix, AdapterDescriptor a, AdapterDescriptor b) {
    value(prefix + "name", a.name(), b.name());
    value(prefix + "replica-group", a.replicaGroupId(), b.replicaGroupId());
    value(prefix + "priority", a.priority(), b.priority());
    value(prefix + "register-process", a.registerProcess() + "", b.registerProcess() + "");
    value(prefix + "server-lifetime", a.serverLifetime() + "", b.serverLifetime() + "");
    objects(prefix + "object", a.objects(), b.objects());
    objects(prefix + "allocatable", a.allocatables(), b.allocatables());
    described(prefix, a.description(), b.description());
  }

  private void objects(String what, List<ObjectDescriptor> a, List<ObjectDescriptor> b) {
    Function<ObjectDescriptor, String> id = object -> IdentityText.format(object.id());
    var before = byName(a, id);
    var after = byName(b, id);
    members(what, before, after);
    before.forEach(
        (name, old) -> {
          ObjectDescriptor now = after.get(name);
          if (now != null && !old.equals(now)) {
            restarting.add(what + " `" + name + "' changed");
          }
        });
  }

  private void properties(
      String prefix, List<PropertyDescriptor> before, List<PropertyDescriptor> after) {
    if (before.equals(after)) {
      return;
    }
    SortedMap<String, String> old = values(before);
    SortedMap<String, String> now = values(after);
    int known = properties.size();
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      String a = old.get(name);
      String b = now.get(name);
      if (!Objects.equals(a, b)) {
        properties.add(
            prefix
                + "property `"
                + name
                + "': "
                + (a == null ? "unset" : "`" + a + "'")
                + " -> "
                + (b == null ? "unset" : "`" + b + "'"));
      }
    }
    if (properties.size() == known) {
      properties.add(prefix + "order of properties");
    }
  }

  private static SortedMap<String, String> values(List<PropertyDescriptor> properties) {
    SortedMap<String, String> values = new TreeMap<>(SortedNames.ORDER);
    properties.forEach(property -> values.put(property.name(), property.value()));
    return values;
  }

  private void described(String prefix, String before, String after) {
    if (!before.equals(after)) {
      descriptions.add(prefix + "description");
    }
  }

  private void value(String what, String before, String after) {
    if (!before.equals(after)) {
      restarting.add(what + ": `" + before + "' -> `" + after + "'");
    }
  }

  private <T> void members(String what, SortedMap<String, T> before, SortedMap<String, T> after) {
    before.keySet().stream()
        .filter(name -> !after.containsKey(name))
        .forEach(name -> restarting.add(what + " `" + name + "' removed"));
    after.keySet().stream()
        .filter(name -> !before.containsKey(name))
        .forEach(name -> restarting.add(what + " `" + name + "' added"));
  }

  private static <T> SortedMap<String, T> byName(List<T> list, Function<T, String> name) {
    SortedMap<String, T> byName = new TreeMap<>(SortedNames.ORDER);
    list.forEach(element -> byName.put(name.apply(element), element));
    return byName;
  }

  private static String text(DistributionDescriptor distrib) {
    return Optional.of(distrib.icepatch()).filter(proxy -> !proxy.isEmpty()).orElse("none")
        + distrib.directories();
  }
}
