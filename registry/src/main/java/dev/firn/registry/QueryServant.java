package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.LoadSample;
import com.zeroc.IceGrid.Query;
import com.zeroc.IceInternal.Incoming;
import dev.firn.model.AdapterEntry;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectEntry;
import dev.firn.model.RegistryTables;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers queries from the current snapshot; never blocks. */
final class QueryServant implements Query {
  /** Up to so many objects are answered on the dispatching thread. */
  private static final int AT_ONCE_MAX = 1_000;

  private final Communicator communicator;
  private final Supplier<RegistryTables> snapshot;
  private final LocateTable table;
  private final LargeAnswers large;

  QueryServant(
      Communicator communicator,
      Supplier<RegistryTables> snapshot,
      LocateTable table,
      LargeAnswers large) {
    this.communicator = communicator;
    this.snapshot = snapshot;
    this.table = table;
    this.large = large;
  }

  /** Long lists are copied from the snapshot, not decoded and marshalled again. */
  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    if (!current.operation.equals("findAllObjectsByType") || current.encoding.minor != 1) {
      return Query.super._iceDispatch(request, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Idempotent, current.mode);
    InputStream in = request.startReadParams();
    String type = in.readString();
    request.endReadParams();
    Collection<ObjectEntry> found = snapshot.get().objectsOfType(type);
    if (found.size() > AT_ONCE_MAX) {
      return request.setResultFuture(large.compute(() -> found), QueryServant::write);
    }
    OutputStream out = request.startWriteParams();
    write(out, found);
    request.endWriteParams(out);
    return request.setResult(out);
  }

  private static void write(OutputStream out, Collection<ObjectEntry> entries) {
    out.writeSize(entries.size());
    entries.forEach(entry -> out.writeBlob(entry.proxy().toBytes()));
  }

  @Override
  public @Nullable ObjectPrx findObjectById(Identity id, Current current) {
    EncodedProxy proxy = table.object(Mapping.objectId(id));
    return proxy == null ? null : Mapping.decode(communicator, proxy);
  }

  @Override
  public @Nullable ObjectPrx findObjectByType(String type, Current current) {
    Collection<ObjectEntry> found = snapshot.get().objectsOfType(type);
    if (found.isEmpty()) {
      return null;
    }
    int index = ThreadLocalRandom.current().nextInt(found.size());
    ObjectEntry entry = found.stream().skip(index).findFirst().orElseThrow();
    return Mapping.decode(communicator, entry.proxy());
  }

  /** Every object counts as equally loaded until nodes report loads. */
  @Override
  public @Nullable ObjectPrx findObjectByTypeOnLeastLoadedNode(
      String type, LoadSample sample, Current current) {
    return findObjectByType(type, current);
  }

  @Override
  public ObjectPrx[] findAllObjectsByType(String type, Current current) {
    return snapshot.get().objectsOfType(type).stream()
        .map(entry -> Mapping.decode(communicator, entry.proxy()))
        .toArray(ObjectPrx[]::new);
  }

  @Override
  public ObjectPrx[] findAllReplicas(@Nullable ObjectPrx proxy, Current current) {
    RegistryTables tables = snapshot.get();
    ObjectPrx registered = proxy;
    if (registered != null && registered.ice_getAdapterId().isEmpty()) {
      ObjectEntry entry = tables.findObject(Mapping.objectId(registered.ice_getIdentity()));
      registered = entry == null ? null : Mapping.decode(communicator, entry.proxy());
    }
    if (registered == null || registered.ice_getAdapterId().isEmpty()) {
      return new ObjectPrx[0];
    }
    List<ObjectPrx> replicas = new ArrayList<>();
    for (AdapterEntry member : tables.adaptersOfReplicaGroup(registered.ice_getAdapterId())) {
      replicas.add(registered.ice_adapterId(member.id()));
    }
    return replicas.toArray(ObjectPrx[]::new);
  }
}
