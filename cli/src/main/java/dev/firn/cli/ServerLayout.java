package dev.firn.cli;

import dev.firn.model.AdapterDescriptor;
import dev.firn.model.CommunicatorDescriptor;
import dev.firn.model.DbEnvDescriptor;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.IdentityText;
import dev.firn.model.ObjectDescriptor;
import dev.firn.model.PropertyDescriptor;
import dev.firn.model.PropertySetDescriptor;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServiceDescriptor;
import dev.firn.model.ServiceInstanceDescriptor;
import dev.firn.model.TemplateDescriptor;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Servers, services and their templates, as the describe commands print them. */
final class ServerLayout {

  /**
   * Where a server is deployed.
   *
   * @param sessionId of the session that it serves, empty if none
   */
  record Place(String application, String uuid, int revision, String node, String sessionId) {}

  private final Layout layout = new Layout();

  private ServerLayout() {}

  static String server(Place place, ServerDescriptor server) {
    var described = new ServerLayout();
    described.server(Optional.of(place), server);
    return described.layout.toString();
  }

  static String service(ServiceDescriptor service) {
    var described = new ServerLayout();
    described.describe(service);
    return described.layout.toString();
  }

  static String serverTemplate(String id, TemplateDescriptor<ServerDescriptor> template) {
    var described = new ServerLayout();
    described.template(
        "server", id, template, () -> described.server(Optional.empty(), template.descriptor()));
    return described.layout.toString();
  }

  static String serviceTemplate(String id, TemplateDescriptor<ServiceDescriptor> template) {
    var described = new ServerLayout();
    described.template("service", id, template, () -> described.describe(template.descriptor()));
    return described.layout.toString();
  }

  static void distribution(Layout layout, DistributionDescriptor distribution) {
    if (!distribution.icepatch().isEmpty()) {
      layout.block(
          "distribution",
          () -> {
            layout.value("proxy", distribution.icepatch());
            layout.valueIfSet("directories", String.join(" ", distribution.directories()));
          });
    }
  }

  static void propertySet(
      Layout layout, String label, PropertySetDescriptor set, Set<String> omitted) {
    layout.block(
        label,
        () -> {
          if (!set.references().isEmpty()) {
            layout.line("references = " + String.join(" ", set.references()));
          }
          for (PropertyDescriptor property : set.properties()) {
            if (!omitted.contains(property.name())) {
              layout.value(property.name(), property.value());
            }
          }
        });
  }

  private void template(String kind, String id, TemplateDescriptor<?> template, Runnable content) {
    layout.block(
        kind + " template `" + id + "'",
        () -> {
          layout.value("parameters", String.join(" ", template.parameters()));
          content.run();
        });
  }

  private void server(Optional<Place> place, ServerDescriptor server) {
    layout.block(
        (server.icebox() ? "icebox" : "server") + " `" + server.id() + "'",
        () -> {
          if (server.icebox()) {
            layout.value(
                "service manager endpoints",
                server
                    .communicator()
                    .propertySet()
                    .value("IceBox.ServiceManager.Endpoints")
                    .orElse(""));
          }
          place.ifPresent(this::place);
          process(server);
          distribution(layout, server.distrib());
          communicator(server.communicator());
          if (server.icebox()) {
            layout.block("services", () -> server.services().forEach(this::serviceLine));
          }
        });
  }

  private void place(Place place) {
    layout.value("application", place.application());
    layout.value("application uuid", place.uuid());
    layout.value("application revision", Integer.toString(place.revision()));
    layout.value("node", place.node());
    layout.valueIfSet("session id", place.sessionId());
  }

  private void process(ServerDescriptor server) {
    layout.value("exe", server.exe());
    layout.valueIfSet("ice version", server.iceVersion());
    layout.valueIfSet("pwd", server.pwd());
    layout.value("activation", server.activation());
    layout.valueIfSet("activationTimeout", timeout(server.activationTimeout()));
    layout.valueIfSet("deactivationTimeout", timeout(server.deactivationTimeout()));
    layout.valueIfSet("user", server.user());
    if (!server.applicationDistrib()) {
      layout.value("application distribution", "false");
    }
    layout.valueIfSet("options", String.join(" ", server.options()));
    layout.valueIfSet("envs", String.join(" ", server.envs()));
  }

  private static String timeout(String seconds) {
    return seconds.equals("0") ? "" : seconds;
  }

  /** Within a template, services may still be instances of others. */
  private void serviceLine(ServiceInstanceDescriptor service) {
    if (service.descriptor().isPresent()) {
      layout.line(service.descriptor().get().name());
    } else {
      layout.block(
          "instance of `" + service.template() + "'",
          () -> service.parameterValues().forEach(layout::value));
    }
  }

  private void describe(ServiceDescriptor service) {
    layout.block(
        "service `" + service.name() + "'",
        () -> {
          layout.value("entry", service.entry());
          communicator(service.communicator());
        });
  }

  private void communicator(CommunicatorDescriptor communicator) {
    if (!communicator.description().isEmpty()) {
      layout.block("description", () -> layout.line(communicator.description()));
    }
    communicator.dbEnvs().forEach(this::dbEnv);
    Set<String> omitted = new TreeSet<>();
    for (AdapterDescriptor adapter : communicator.adapters()) {
      adapter(adapter, communicator.propertySet());
      omitted.add(adapter.name() + ".Endpoints");
      omitted.add(adapter.name() + ".ProxyOptions");
    }
    communicator.logs().forEach(path -> layout.line("log `" + path + "'"));
    if (!communicator.propertySet().isEmpty()) {
      propertySet(layout, "properties", communicator.propertySet(), omitted);
    }
  }

  private void dbEnv(DbEnvDescriptor dbEnv) {
    String label = "database environment `" + dbEnv.name() + "'";
    if (dbEnv.dbHome().isEmpty() && dbEnv.description().isEmpty() && dbEnv.properties().isEmpty()) {
      layout.line(label);
      return;
    }
    layout.block(
        label,
        () -> {
          layout.valueIfSet("home", dbEnv.dbHome());
          layout.valueIfSet("description", dbEnv.description());
          if (!dbEnv.properties().isEmpty()) {
            propertySet(
                layout, "properties", PropertySetDescriptor.of(dbEnv.properties()), Set.of());
          }
        });
  }

  private void adapter(AdapterDescriptor adapter, PropertySetDescriptor properties) {
    layout.block(
        "adapter `" + adapter.name() + "'",
        () -> {
          layout.valueIfSet("id", adapter.id());
          layout.valueIfSet("replica group id", adapter.replicaGroupId());
          layout.valueIfSet("priority", adapter.priority());
          layout.valueIfSet(
              "endpoints", properties.value(adapter.name() + ".Endpoints").orElse(""));
          layout.valueIfSet(
              "proxy options", properties.value(adapter.name() + ".ProxyOptions").orElse(""));
          layout.value("register process", Boolean.toString(adapter.registerProcess()));
          layout.value("server lifetime", Boolean.toString(adapter.serverLifetime()));
          adapter.objects().forEach(object -> object("well-known object", object));
          adapter.allocatables().forEach(object -> object("allocatable", object));
          layout.valueIfSet("description", adapter.description());
        });
  }

  private void object(String label, ObjectDescriptor object) {
    layout.block(
        label,
        () -> {
          layout.line("identity = `" + IdentityText.format(object.id()) + "' ");
          layout.valueIfSet("type", object.type());
          layout.valueIfSet("proxy options", object.proxyOptions());
        });
  }
}
