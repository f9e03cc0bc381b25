package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationException;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.ApplicationInfo;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import com.zeroc.IceGrid.RegistryPluginFacade;
import com.zeroc.IceGrid.ReplicaGroupFilter;
import com.zeroc.IceGrid.ServerInfo;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.TypeFilter;
import dev.firn.model.AdapterEntry;
import dev.firn.model.ApplicationEntry;
import dev.firn.model.CommunicatorDescriptor;
import dev.firn.model.DeployedAdapter;
import dev.firn.model.DeployedObject;
import dev.firn.model.DeployedReplicaGroup;
import dev.firn.model.DeployedServer;
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.model.ServiceDescriptor;
import dev.firn.wire.DescriptorWriter;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What plug-ins can ask a registry; answered from its tables and from what nodes reported, without
 * a call to anybody. Any thread.
 */
final class PluginFacade implements RegistryPluginFacade {
  /** A registry whose database is open. */
  private record Registry(
      Communicator communicator, Supplier<RegistryTables> snapshot, NodeViews views) {}

  private final LocateFilters filters = new LocateFilters();
  private volatile @Nullable Registry registry;

  LocateFilters filters() {
    return filters;
  }

  void open(Communicator communicator, Supplier<RegistryTables> snapshot, NodeViews views) {
    registry = new Registry(communicator, snapshot, views);
  }

  void close() {
    registry = null;
  }

  private Registry registry() {
    Registry open = registry;
    if (open == null) {
      throw new InitializationException("registry not initialized yet");
    }
    return open;
  }

  private RegistryTables tables() {
    return registry().snapshot().get();
  }

  @Override
  public ApplicationInfo getApplicationInfo(String name) throws ApplicationNotExistException {
    ApplicationEntry entry = tables().findApplication(name);
    if (entry == null) {
      throw new ApplicationNotExistException(name);
    }
    return Mapping.applicationInfo(entry);
  }

  @Override
  public ServerInfo getServerInfo(String id) throws ServerNotExistException {
    DeployedServer server = tables().deployment().findServer(id);
    if (server == null) {
      throw new ServerNotExistException(id);
    }
    return new ServerInfo(
        server.application(),
        server.uuid(),
        server.revision(),
        server.node(),
        DescriptorWriter.server(server.descriptor()),
        "");
  }

  @Override
  public String getAdapterServer(String adapterId) {
    return ofAdapter(adapterId, adapter -> adapter.server().id());
  }

  @Override
  public String getAdapterApplication(String adapterId) {
    DeployedReplicaGroup group = tables().deployment().findReplicaGroup(adapterId);
    return group != null
        ? group.application()
        : ofAdapter(adapterId, adapter -> adapter.server().application());
  }

  @Override
  public String getAdapterNode(String adapterId) {
    return ofAdapter(adapterId, adapter -> adapter.server().node());
  }

  @Override
  public String getPropertyForAdapter(String adapterId, String name) {
    return ofAdapter(
        adapterId, adapter -> communicator(adapter).propertySet().value(name).orElse(""));
  }

  /** Empty for what is no adapter of an application. */
  private String ofAdapter(String adapterId, Function<DeployedAdapter, String> what) {
    DeployedAdapter adapter = tables().deployment().findAdapter(adapterId);
    return adapter == null ? "" : what.apply(adapter);
  }

  private static CommunicatorDescriptor communicator(DeployedAdapter adapter) {
    return adapter
        .service()
        .flatMap(
            service ->
                adapter.server().server().services().stream()
                    .filter(each -> each.name().equals(service))
                    .findFirst())
        .map(ServiceDescriptor::communicator)
        .orElse(adapter.server().descriptor().communicator());
  }

  @Override
  public AdapterInfo[] getAdapterInfo(String id) throws AdapterNotExistException {
    RegistryTables tables = tables();
    DeployedAdapter adapter = tables.deployment().findAdapter(id);
    if (adapter != null) {
      return new AdapterInfo[] {info(adapter)};
    }
    DeployedReplicaGroup group = tables.deployment().findReplicaGroup(id);
    if (group != null) {
      return group.members().stream().map(this::info).toArray(AdapterInfo[]::new);
    }
    AdapterEntry entry = tables.findAdapter(id);
    Collection<AdapterEntry> members =
        entry == null ? tables.adaptersOfReplicaGroup(id) : List.of(entry);
    if (members.isEmpty()) {
      throw new AdapterNotExistException(id);
    }
    List<AdapterInfo> infos = new ArrayList<>();
    members.forEach(member -> infos.add(Mapping.adapterInfo(registry().communicator(), member)));
    return infos.toArray(AdapterInfo[]::new);
  }

  /** With a proxy if it is known to be active. */
  private AdapterInfo info(DeployedAdapter adapter) {
    EncodedProxy active = registry().views().activeProxy(adapter.id());
    return new AdapterInfo(
        adapter.id(),
        active == null ? null : Mapping.decode(registry().communicator(), active),
        adapter.replicaGroupId());
  }

  @Override
  public ObjectInfo getObjectInfo(Identity id) throws ObjectNotRegisteredException {
    RegistryTables tables = tables();
    Communicator communicator = registry().communicator();
    DeployedObject object = tables.deployment().findObject(Mapping.objectId(id));
    if (object != null) {
      EncodedProxy proxy = new DeployedObjects(communicator).proxy(object);
      return new ObjectInfo(Mapping.decode(communicator, proxy), object.type());
    }
    var entry = tables.findObject(Mapping.objectId(id));
    if (entry == null) {
      throw new ObjectNotRegisteredException(id);
    }
    return Mapping.objectInfo(communicator, entry);
  }

  @Override
  public NodeInfo getNodeInfo(String name) throws NodeNotExistException, NodeUnreachableException {
    NodeInfo info = registry().views().info(name);
    if (info == null) {
      throw unreachable(name);
    }
    return info;
  }

  @Override
  public LoadInfo getNodeLoad(String name) throws NodeNotExistException, NodeUnreachableException {
    NodeLoad load = registry().views().load(name);
    if (load == null) {
      throw unreachable(name);
    }
    return new LoadInfo(load.average1(), load.average5(), load.average15());
  }

  private NodeUnreachableException unreachable(String node) throws NodeNotExistException {
    if (!tables().deployment().nodeNames().contains(node)) {
      throw new NodeNotExistException(node);
    }
    return new NodeUnreachableException(node, "the node is not active");
  }

  @Override
  public void addReplicaGroupFilter(String id, ReplicaGroupFilter filter) {
    filters.add(id, filter);
  }

  @Override
  public boolean removeReplicaGroupFilter(String id, ReplicaGroupFilter filter) {
    return filters.remove(id, filter);
  }

  @Override
  public void addTypeFilter(String type, TypeFilter filter) {
    filters.addForType(type, filter);
  }

  @Override
  public boolean removeTypeFilter(String type, TypeFilter filter) {
    return filters.removeForType(type, filter);
  }
}
