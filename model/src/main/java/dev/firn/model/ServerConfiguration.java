package dev.firn.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Makes of a resolved server what its node has to know, its configuration files included. */
public final class ServerConfiguration {
  private final ServerDescriptor server;
  private final String directory;
  private final List<ServiceDescriptor> services;
  private final boolean modern;
  private final List<PropertyDescriptor> config = new ArrayList<>();
  private boolean processRegistered;

  private ServerConfiguration(ServerDescriptor server, String nodeDataDir) {
    this.server = server;
    directory = nodeDataDir + "/servers/" + server.id();
    services = ExpandedServer.services(server);
    modern = !IceVersion.parse(server.iceVersion()).orElse(IceVersion.UNSPECIFIED).isBefore(3, 3);
  }

  /**
   * Makes the descriptor to load.
   *
   * @param server as resolved by {@link ServerLoading}
   * @param nodeDataDir of the node that it is for
   */
  public static InternalServerDescriptor internal(
      ServerDescriptor server,
      String nodeDataDir,
      String application,
      String uuid,
      int revision,
      String sessionId) {
    return new ServerConfiguration(server, nodeDataDir)
        .build(application, uuid, revision, sessionId);
  }

  private InternalServerDescriptor build(
      String application, String uuid, int revision, String sessionId) {
    SortedMap<String, List<PropertyDescriptor>> files = new TreeMap<>(SortedNames.ORDER);
    serverProperties();
    communicator(config, server.communicator(), "# Server descriptor properties");
    for (ServiceDescriptor service : services) {
      List<PropertyDescriptor> file = new ArrayList<>();
      communicator(file, service.communicator(), "# Service descriptor properties");
      files.put("config_" + service.name(), escaped(file));
    }
    files.put("config", escaped(config));
    return new InternalServerDescriptor(
        server.id(),
        application,
        uuid,
        revision,
        sessionId,
        server.exe(),
        server.pwd(),
        server.user(),
        server.activation(),
        server.activationTimeout(),
        server.deactivationTimeout(),
        server.applicationDistrib(),
        Optional.of(server.distrib()).filter(distrib -> !distrib.icepatch().isEmpty()),
        processRegistered,
        server.options(),
        server.envs(),
        logs(),
        adapters(),
        dbEnvs(),
        files,
        services.stream().map(ServiceDescriptor::name).toList());
  }

  private List<String> logs() {
    List<String> logs = new ArrayList<>(server.communicator().logs());
    services.forEach(service -> logs.addAll(service.communicator().logs()));
    return logs;
  }

  private void serverProperties() {
    PropertySetDescriptor own = server.communicator().propertySet();
    add(config, "# Server configuration", "");
    if (modern) {
      add(config, "Ice.Admin.ServerId", server.id());
      Optional<String> enabled = own.value("Ice.Admin.Enabled");
      Optional<String> endpoints = own.value("Ice.Admin.Endpoints");
      if (enabled.isPresent()) {
        processRegistered = isPositive(enabled.get());
      } else if (endpoints.isPresent()) {
        processRegistered = !endpoints.get().isEmpty();
      } else {
        add(config, "Ice.Admin.Endpoints", "tcp -h localhost");
        processRegistered = true;
      }
    } else {
      add(config, "Ice.ServerId", server.id());
    }
    add(config, "Ice.ProgramName", server.id());
    if (server.icebox()) {
      iceBoxProperties(own);
    }
  }

  private void iceBoxProperties(PropertySetDescriptor own) {
    for (ServiceDescriptor service : services) {
      String path = directory + "/config/config_" + service.name();
      add(
          config,
          "IceBox.Service." + service.name(),
          service.entry() + " --Ice.Config='" + (modern ? escape(path, false) : path) + "'");
    }
    add(
        config,
        "IceBox.LoadOrder",
        services.stream().map(ServiceDescriptor::name).collect(Collectors.joining(" ")));
    Optional<String> endpoints = own.value("IceBox.ServiceManager.Endpoints");
    if (!modern) {
      Optional<String> register = own.value("IceBox.ServiceManager.RegisterProcess");
      if (register.isEmpty()) {
        add(config, "IceBox.ServiceManager.RegisterProcess", "1");
      }
      processRegistered = processRegistered || !register.orElse("1").equals("0");
      if (endpoints.isEmpty()) {
        add(config, "IceBox.ServiceManager.Endpoints", "tcp -h 127.0.0.1");
      }
    }
    if (own.value("IceBox.InstanceName").isEmpty() && endpoints.isPresent()) {
      add(config, "IceBox.InstanceName", server.id());
    }
  }

  private void communicator(
      List<PropertyDescriptor> file, CommunicatorDescriptor communicator, String comment) {
    List<PropertyDescriptor> left = new ArrayList<>(communicator.propertySet().properties());
    for (AdapterDescriptor adapter : communicator.adapters()) {
      String endpoints = adapter.name() + ".Endpoints";
      add(file, "# Object adapter " + adapter.name(), "");
      add(file, endpoints, PropertySetDescriptor.value(left, endpoints).orElse(""));
      left.removeIf(property -> property.name().equals(endpoints));
      add(file, adapter.name() + ".AdapterId", adapter.id());
      if (!adapter.replicaGroupId().isEmpty()) {
        add(file, adapter.name() + ".ReplicaGroupId", adapter.replicaGroupId());
      }
      if (!modern && adapter.registerProcess()) {
        add(file, adapter.name() + ".RegisterProcess", "1");
        processRegistered = true;
      }
    }
    for (DbEnvDescriptor dbEnv : communicator.dbEnvs()) {
      add(file, "# Database environment " + dbEnv.name(), "");
      add(
          file,
          "Freeze.DbEnv." + dbEnv.name() + ".DbHome",
          dbEnv.dbHome().isEmpty() ? directory + "/dbs/" + dbEnv.name() : dbEnv.dbHome());
    }
    if (!left.isEmpty()) {
      add(file, comment, "");
      file.addAll(left);
    }
  }

  private List<InternalServerDescriptor.Adapter> adapters() {
    List<InternalServerDescriptor.Adapter> adapters = new ArrayList<>();
    for (AdapterDescriptor adapter : server.communicator().adapters()) {
      adapters.add(new InternalServerDescriptor.Adapter(adapter.id(), adapter.serverLifetime()));
    }
    boolean administered =
        modern
            && (isPositive(PropertySetDescriptor.value(config, "Ice.Admin.Enabled").orElse(""))
                || !PropertySetDescriptor.value(config, "Ice.Admin.Endpoints")
                    .orElse("")
                    .isEmpty());
    for (ServiceDescriptor service : services) {
      for (AdapterDescriptor adapter : service.communicator().adapters()) {
        // Services can be stopped one by one then, so that their adapters come and go.
        adapters.add(
            new InternalServerDescriptor.Adapter(
                adapter.id(), adapter.serverLifetime() && !administered));
      }
    }
    return adapters;
  }

  private List<InternalServerDescriptor.DbEnv> dbEnvs() {
    List<DbEnvDescriptor> all = new ArrayList<>(server.communicator().dbEnvs());
    services.forEach(service -> all.addAll(service.communicator().dbEnvs()));
    List<InternalServerDescriptor.DbEnv> managed = new ArrayList<>();
    for (DbEnvDescriptor dbEnv : all) {
      if (dbEnv.dbHome().isEmpty()) {
        managed.add(new InternalServerDescriptor.DbEnv(dbEnv.name(), dbEnv.properties()));
      }
    }
    return managed;
  }

  private List<PropertyDescriptor> escaped(List<PropertyDescriptor> file) {
    if (!modern) {
      return file;
    }
    List<PropertyDescriptor> escaped = new ArrayList<>(file.size());
    for (PropertyDescriptor property : file) {
      escaped.add(
          property.name().startsWith("#") && property.value().isEmpty()
              ? property
              : new PropertyDescriptor(
                  escape(property.name(), true), escape(property.value(), false)));
    }
    return escaped;
  }

  /** Writes a name or value so that reading the file gives it back. */
  public static String escape(String text, boolean isName) {
    if (isPlain(text, isName)) {
      return text;
    }
    int first = 0;
    while (first < text.length() && text.charAt(first) == ' ') {
      first++;
    }
    int last = text.length();
    while (last > first && text.charAt(last - 1) == ' ') {
      last--;
    }
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean nextMatters =
          c == '\\'
              && i + 1 < text.length()
              && (text.charAt(i + 1) == '\\' || isEscaped(text, i + 1, first, last, isName));
      if (nextMatters || isEscaped(text, i, first, last, isName)) {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }

  /** Most texts have nothing to escape: no need to look at each character. */
  private static boolean isPlain(String text, boolean isName) {
    return text.isEmpty()
        || (text.charAt(0) != ' '
            && text.charAt(text.length() - 1) != ' '
            && text.indexOf('#') < 0
            && text.indexOf('\\') < 0
            && !(isName && text.indexOf('=') >= 0));
  }

  private static boolean isEscaped(String text, int at, int first, int last, boolean isName) {
    char c = text.charAt(at);
    return c == '#' || (c == '=' && isName) || (c == ' ' && (at < first || at >= last));
  }

  private static boolean isPositive(String value) {
    if (value.isEmpty()) {
      return false; // As nearly always: no exception for that.
    }
    try {
      return Long.parseLong(value.strip()) > 0;
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static void add(List<PropertyDescriptor> file, String name, String value) {
    file.add(new PropertyDescriptor(name, value));
  }
}
