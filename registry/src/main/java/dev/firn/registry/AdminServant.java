package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.ObjectExistsException;
import com.zeroc.IceGrid.ObjectInfo;
import com.zeroc.IceGrid.ObjectInfoSeqHelper;
import com.zeroc.IceGrid.ObjectNotRegisteredException;
import com.zeroc.IceGrid.RegistryInfo;
import com.zeroc.IceGrid.RegistryNotExistException;
import com.zeroc.IceGrid.RegistryUnreachableException;
import com.zeroc.IceGrid.SliceChecksums;
import com.zeroc.IceInternal.Incoming;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Async;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Administration, for one admin session.
 *
 * <p>Operations that wait for slaves or peers, or that list a table, are dispatched without holding
 * the Ice thread, though the generated interface would have them do so.
 */
final class AdminServant implements ApplicationOperations {
  private final AdminContext context;
  private final AdminUpdates updates;
  private final AdminPeers peers;
  private final ExclusiveLock.Holder holder;

  AdminServant(AdminContext context, ExclusiveLock.Holder holder) {
    this.context = context;
    this.updates = new AdminUpdates(context);
    this.peers = new AdminPeers(context);
    this.holder = holder;
  }

  @Override
  public AdminContext context() {
    return context;
  }

  @Override
  public ExclusiveLock.Holder holder() {
    return holder;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    Optional<CompletionStage<OutputStream>> waiting = dispatch(request, current);
    if (waiting.isPresent()) {
      return waiting.get();
    }
    return switch (current.operation) {
      case "addObject" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        ObjectPrx proxy = in.readProxy();
        request.endReadParams();
        yield request.setResultFuture(updates.addObject(proxy));
      }
      case "addObjectWithType" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        ObjectPrx proxy = in.readProxy();
        String type = in.readString();
        request.endReadParams();
        yield request.setResultFuture(updates.addObjectWithType(proxy, type));
      }
      case "updateObject" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        ObjectPrx proxy = in.readProxy();
        request.endReadParams();
        yield request.setResultFuture(updates.updateObject(proxy));
      }
      case "removeObject" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        Identity id = Identity.ice_read(in);
        request.endReadParams();
        yield request.setResultFuture(updates.removeObject(id));
      }
      case "removeAdapter" -> {
        InputStream in = started(request, current, OperationMode.Normal);
        String id = in.readString();
        request.endReadParams();
        yield request.setResultFuture(updates.removeAdapter(id));
      }
      case "getObjectInfosByType" -> {
        InputStream in = started(request, current, OperationMode.Idempotent);
        String type = in.readString();
        request.endReadParams();
        yield request.setResultFuture(
            context.large().compute(() -> getObjectInfosByType(type, current)),
            ObjectInfoSeqHelper::write);
      }
      case "getAllObjectInfos" -> {
        InputStream in = started(request, current, OperationMode.Idempotent);
        String expression = in.readString();
        request.endReadParams();
        yield request.setResultFuture(
            context.large().compute(() -> getAllObjectInfos(expression, current)),
            ObjectInfoSeqHelper::write);
      }
      case "pingRegistry" -> {
        InputStream in = started(request, current, OperationMode.Idempotent);
        String name = in.readString();
        request.endReadParams();
        yield request.setResultFuture(
            peers.ping(name), (out, reachable) -> out.writeBool(reachable));
      }
      case "shutdownRegistry" -> {
        InputStream in = started(request, current, OperationMode.Idempotent);
        String name = in.readString();
        request.endReadParams();
        yield request.setResultFuture(peers.shutdown(name));
      }
      default -> ApplicationOperations.super._iceDispatch(request, current);
    };
  }

  private static InputStream started(Incoming request, Current current, OperationMode mode) {
    com.zeroc.Ice.Object._iceCheckMode(mode, current.mode);
    return request.startReadParams();
  }

  @Override
  public void addObject(@Nullable ObjectPrx proxy, Current current)
      throws DeploymentException, ObjectExistsException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public void addObjectWithType(@Nullable ObjectPrx proxy, String type, Current current)
      throws DeploymentException, ObjectExistsException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public void updateObject(@Nullable ObjectPrx proxy, Current current)
      throws DeploymentException, ObjectNotRegisteredException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public void removeObject(Identity id, Current current)
      throws DeploymentException, ObjectNotRegisteredException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public void removeAdapter(String id, Current current)
      throws AdapterNotExistException, DeploymentException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public ObjectInfo getObjectInfo(Identity id, Current current)
      throws ObjectNotRegisteredException {
    ObjectInfo info = objects().find(Mapping.objectId(id));
    if (info == null) {
      throw new ObjectNotRegisteredException(id);
    }
    return info;
  }

  @Override
  public ObjectInfo[] getObjectInfosByType(String type, Current current) {
    return objects().ofType(type);
  }

  @Override
  public ObjectInfo[] getAllObjectInfos(String expression, Current current) {
    return objects()
        .all(expression.isEmpty() ? any -> true : new IdentityPattern(expression)::matches);
  }

  private AdminObjects objects() {
    return new AdminObjects(context.communicator(), tables());
  }

  @Override
  public boolean pingRegistry(String name, Current current) throws RegistryNotExistException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public RegistryInfo getRegistryInfo(String name, Current current)
      throws RegistryNotExistException {
    return peers.info(name);
  }

  @Override
  public ObjectPrx getRegistryAdmin(String name, Current current) throws RegistryNotExistException {
    peers.info(name);
    return current.adapter.createProxy(
        new Identity(name, context.names().instance() + "-RegistryReplicaAdminRouter"));
  }

  @Override
  public void shutdownRegistry(String name, Current current)
      throws RegistryNotExistException, RegistryUnreachableException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  public String[] getAllRegistryNames(Current current) {
    List<String> names = new ArrayList<>();
    context.slaves().forEach(slave -> names.add(slave.name));
    names.add(context.names().replica());
    return names.toArray(NO_STRINGS);
  }

  @Override
  public void shutdown(Current current) {
    context.shutdown();
  }

  @Override
  public String getServerAdminCategory(Current current) {
    return context.names().instance() + "-RegistryServerAdminRouter";
  }

  @Override
  public Map<String, String> getSliceChecksums(Current current) {
    return SliceChecksums.checksums;
  }

  private RegistryTables tables() {
    return context.engine().tables();
  }
}
