package dev.firn.wire;

import com.zeroc.IceGrid.InternalAdapterDescriptor;
import com.zeroc.IceGrid.InternalDbEnvDescriptor;
import com.zeroc.IceGrid.InternalDistributionDescriptor;
import com.zeroc.IceGrid.InternalServerDescriptor;
import com.zeroc.IceGrid.PropertyDescriptor;
import dev.firn.model.DistributionDescriptor;
import dev.firn.model.SortedNames;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What registries tell nodes to load, from and to the model's. */
public final class InternalDescriptors {
  private InternalDescriptors() {}

  public static InternalServerDescriptor write(dev.firn.model.InternalServerDescriptor server) {
    var written = new InternalServerDescriptor();
    written.id = server.id();
    written.application = server.application();
    written.uuid = server.uuid();
    written.revision = server.revision();
    written.sessionId = server.sessionId();
    written.exe = server.exe();
    written.pwd = server.pwd();
    written.user = server.user();
    written.activation = server.activation();
    written.activationTimeout = server.activationTimeout();
    written.deactivationTimeout = server.deactivationTimeout();
    written.applicationDistrib = server.applicationDistrib();
    written.distrib = server.distrib().map(InternalDescriptors::distribution).orElse(null);
    written.processRegistered = server.processRegistered();
    written.options = DescriptorWriter.array(server.options());
    written.envs = DescriptorWriter.array(server.envs());
    written.logs = DescriptorWriter.array(server.logs());
    written.adapters = adapters(server.adapters());
    written.dbEnvs = dbEnvs(server.dbEnvs());
    Map<String, List<PropertyDescriptor>> files = new TreeMap<>(SortedNames.ORDER);
    server.properties().forEach((file, lines) -> files.put(file, properties(lines)));
    written.properties = files;
    written.setServices(DescriptorWriter.array(server.services()));
    return written;
  }

  /** Loops: a registry that has just started does this for each of its servers. */
  private static InternalAdapterDescriptor[] adapters(
      List<dev.firn.model.InternalServerDescriptor.Adapter> adapters) {
    InternalAdapterDescriptor[] written = new InternalAdapterDescriptor[adapters.size()];
    for (int i = 0; i < written.length; i++) {
      var adapter = adapters.get(i);
      written[i] = new InternalAdapterDescriptor(adapter.id(), adapter.serverLifetime());
    }
    return written;
  }

  private static InternalDbEnvDescriptor[] dbEnvs(
      List<dev.firn.model.InternalServerDescriptor.DbEnv> dbEnvs) {
    InternalDbEnvDescriptor[] written = new InternalDbEnvDescriptor[dbEnvs.size()];
    for (int i = 0; i < written.length; i++) {
      var dbEnv = dbEnvs.get(i);
      written[i] = new InternalDbEnvDescriptor(dbEnv.name(), properties(dbEnv.properties()));
    }
    return written;
  }

  /**
   * @param server {@code null} where a registry says that there is none
   */
  public static Optional<dev.firn.model.InternalServerDescriptor> read(
      @Nullable InternalServerDescriptor server) {
    if (server == null) {
      return Optional.empty();
    }
    SortedMap<String, List<dev.firn.model.PropertyDescriptor>> files =
        new TreeMap<>(SortedNames.ORDER);
    server.properties.forEach(
        (file, lines) -> files.put(file, lines.stream().map(DescriptorReader::property).toList()));
    return Optional.of(
        new dev.firn.model.InternalServerDescriptor(
            server.id,
            server.application,
            server.uuid,
            server.revision,
            server.sessionId,
            server.exe,
            server.pwd,
            server.user,
            server.activation,
            server.activationTimeout,
            server.deactivationTimeout,
            server.applicationDistrib,
            Optional.ofNullable(server.distrib)
                .map(
                    distrib ->
                        new DistributionDescriptor(distrib.icepatch, List.of(distrib.directories))),
            server.processRegistered,
            List.of(server.options),
            List.of(server.envs),
            List.of(server.logs),
            List.of(server.adapters).stream()
                .map(
                    adapter ->
                        new dev.firn.model.InternalServerDescriptor.Adapter(
                            adapter.id, adapter.serverLifetime))
                .toList(),
            List.of(server.dbEnvs).stream()
                .map(
                    dbEnv ->
                        new dev.firn.model.InternalServerDescriptor.DbEnv(
                            dbEnv.name,
                            dbEnv.properties.stream().map(DescriptorReader::property).toList()))
                .toList(),
            files,
            server.hasServices() ? List.of(server.getServices()) : List.of()));
  }

  public static InternalDistributionDescriptor distribution(DistributionDescriptor distrib) {
    return new InternalDistributionDescriptor(
        distrib.icepatch(), DescriptorWriter.array(distrib.directories()));
  }

  private static List<PropertyDescriptor> properties(
      List<dev.firn.model.PropertyDescriptor> properties) {
    return DescriptorWriter.each(properties, DescriptorWriter::property);
  }
}
