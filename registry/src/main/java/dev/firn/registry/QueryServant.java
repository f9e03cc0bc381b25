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
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.server.PlacementLoad;
import dev.firn.server.PlacementOrder;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
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
  private final NodeViews views;
  private final LocateTable table;
  private final QueryObjects objects;
  private final LocateFilters filters;
  private final LargeAnswers large;

  QueryServant(
      Communicator communicator,
      Supplier<RegistryTables> snapshot,
      NodeViews views,
      LocateTable table,
      LocateFilters filters,
      LargeAnswers large) {
    this.communicator = communicator;
    this.snapshot = snapshot;
    this.views = views;
    this.table = table;
    this.filters = filters;
    this.large = large;
    objects = new QueryObjects(snapshot, views, table);
  }

  /** Long lists are copied from the snapshot, not decoded and marshalled again. */
  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    if (!current.operation.equals("findAllObjectsByType")) {
      return Query.super._iceDispatch(request, current);
    }
    com.zeroc.Ice.Object._iceCheckMode(OperationMode.Idempotent, current.mode);
    InputStream in = request.startReadParams();
    String type = in.readString();
    request.endReadParams();
    if (filters.filterType(type)) {
      ObjectPrx[] left = findAllObjectsByType(type, current);
      return answer(request, out -> com.zeroc.Ice.ObjectProxySeqHelper.write(out, left));
    }
    if (objects.sizeOf(type) > AT_ONCE_MAX) {
      return request.setResultFuture(
          large.compute(() -> objects.ofType(type)), (out, found) -> write(out, current, found));
    }
    List<EncodedProxy> found = objects.ofType(type);
    return answer(request, out -> write(out, current, found));
  }

  private interface Writer {
    void write(OutputStream out);
  }

  private static CompletionStage<OutputStream> answer(Incoming request, Writer writer) {
    OutputStream out = request.startWriteParams();
    writer.write(out);
    request.endWriteParams(out);
    return request.setResult(out);
  }

  private void write(OutputStream out, Current current, List<EncodedProxy> proxies) {
    out.writeSize(proxies.size());
    for (EncodedProxy proxy : proxies) {
      if (current.encoding.minor == 1) {
        out.writeBlob(proxy.toBytes());
      } else {
        out.writeProxy(Mapping.decode(communicator, proxy));
      }
    }
  }

  @Override
  public @Nullable ObjectPrx findObjectById(Identity id, Current current) {
    EncodedProxy proxy = table.object(Mapping.objectId(id));
    return proxy == null ? null : Mapping.decode(communicator, proxy);
  }

  @Override
  public @Nullable ObjectPrx findObjectByType(String type, Current current) {
    if (filters.filterType(type)) {
      ObjectPrx[] found = findAllObjectsByType(type, current);
      return found.length == 0 ? null : found[ThreadLocalRandom.current().nextInt(found.length)];
    }
    EncodedProxy proxy = objects.any(type, ThreadLocalRandom.current());
    return proxy == null ? null : Mapping.decode(communicator, proxy);
  }

  @Override
  public @Nullable ObjectPrx findObjectByTypeOnLeastLoadedNode(
      String type, LoadSample sample, Current current) {
    ObjectPrx[] found = findAllObjectsByType(type, current);
    double[] loads = new double[found.length];
    RegistryTables tables = snapshot.get();
    for (int i = 0; i < found.length; i++) {
      loads[i] = load(tables, found[i].ice_getAdapterId(), sample(sample));
    }
    return found.length == 0
        ? null
        : found[PlacementOrder.byLoad(loads, ThreadLocalRandom.current())[0]];
  }

  private static PlacementLoad.Sample sample(LoadSample sample) {
    return switch (sample) {
      case LoadSample1 -> PlacementLoad.Sample.ONE;
      case LoadSample5 -> PlacementLoad.Sample.FIVE;
      case LoadSample15 -> PlacementLoad.Sample.FIFTEEN;
    };
  }

  private double load(RegistryTables tables, String adapterId, PlacementLoad.Sample sample) {
    var adapter = tables.deployment().findAdapter(adapterId);
    if (adapter != null) {
      return LocateGroup.load(views, tables, adapter, sample);
    }
    var group = tables.deployment().findReplicaGroup(adapterId);
    return group == null
        ? PlacementLoad.UNKNOWN
        : LocateGroup.of(group, tables).leastLoad(views, sample);
  }

  @Override
  public ObjectPrx[] findAllObjectsByType(String type, Current current) {
    ObjectPrx[] found =
        objects.ofType(type).stream()
            .map(proxy -> Mapping.decode(communicator, proxy))
            .toArray(ObjectPrx[]::new);
    return filters.filterType(type) ? filters.objects(type, found, current) : found;
  }

  @Override
  public ObjectPrx[] findAllReplicas(@Nullable ObjectPrx proxy, Current current) {
    ObjectPrx registered = proxy;
    if (registered != null && registered.ice_getAdapterId().isEmpty()) {
      EncodedProxy known = table.object(Mapping.objectId(registered.ice_getIdentity()));
      registered = known == null ? null : Mapping.decode(communicator, known);
    }
    if (registered == null || registered.ice_getAdapterId().isEmpty()) {
      return new ObjectPrx[0];
    }
    List<ObjectPrx> replicas = new ArrayList<>();
    for (String member : members(registered.ice_getAdapterId(), current)) {
      replicas.add(registered.ice_adapterId(member));
    }
    return replicas.toArray(ObjectPrx[]::new);
  }

  /** The members of a replica group, active or not; empty for all that is none. */
  private List<String> members(String groupId, Current current) {
    RegistryTables tables = snapshot.get();
    var group = tables.deployment().findReplicaGroup(groupId);
    List<String> members = new ArrayList<>();
    String filter = "";
    if (group != null) {
      group.members().forEach(member -> members.add(member.id()));
      filter = group.descriptor().filter();
    } else {
      tables.adaptersOfReplicaGroup(groupId).forEach(member -> members.add(member.id()));
    }
    boolean filtered =
        !members.isEmpty() && (group == null || !filter.isEmpty()) && filters.filterGroups(filter);
    return filtered ? filters.members(filter, groupId, members, current) : members;
  }
}
