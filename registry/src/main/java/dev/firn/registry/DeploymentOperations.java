package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InputStream;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationMode;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdapterInfo;
import com.zeroc.IceGrid.AdapterInfoSeqHelper;
import com.zeroc.IceGrid.AdapterNotExistException;
import com.zeroc.IceGrid.Admin;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.NodeUnreachableException;
import com.zeroc.IceGrid.ServerInfo;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerState;
import com.zeroc.IceInternal.Incoming;
import dev.firn.wire.Async;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * The operations on nodes, servers and deployed adapters.
 *
 * <p>Those that wait for a node are dispatched by {@link #dispatch} without holding the Ice thread,
 * though the generated interface would have them do so.
 */
interface DeploymentOperations extends Admin {
  String[] NO_STRINGS = {};

  AdminContext context();

  private AdminServers servers() {
    return new AdminServers(context());
  }

  private AdminNodes nodes() {
    return new AdminNodes(context().registryNodes());
  }

  /** Dispatches what waits for a node; empty if the request is another one. */
  default Optional<CompletionStage<OutputStream>> dispatch(Incoming request, Current current)
      throws UserException {
    CompletionStage<OutputStream> answer =
        switch (current.operation) {
          case "getServerState" ->
              Async.answer(
                  request,
                  servers().state(name(request, current)),
                  (out, state) -> ServerState.ice_write(out, state));
          case "getServerPid" ->
              Async.answer(
                  request, servers().pid(name(request, current)), (out, pid) -> out.writeInt(pid));
          case "isServerEnabled" ->
              Async.answer(
                  request,
                  servers().isEnabled(name(request, current)),
                  (out, enabled) -> out.writeBool(enabled));
          case "enableServer" -> {
            InputStream in = started(request, current, OperationMode.Idempotent);
            String id = in.readString();
            boolean enabled = in.readBool();
            request.endReadParams();
            yield done(request, servers().enable(id, enabled));
          }
          case "sendSignal" -> {
            InputStream in = started(request, current, OperationMode.Normal);
            String id = in.readString();
            String signal = in.readString();
            request.endReadParams();
            yield done(request, servers().sendSignal(id, signal));
          }
          case "getServerAdmin" -> {
            String id = name(request, current);
            yield Async.answer(
                request,
                servers().find(id),
                (out, known) -> out.writeProxy(routed(current, id, "Server")));
          }
          case "getAdapterInfo" ->
              Async.answer(
                  request, servers().adapters(name(request, current)), AdapterInfoSeqHelper::write);
          case "pingNode" ->
              Async.answer(
                  request,
                  nodes().ping(name(request, current)),
                  (out, reachable) -> out.writeBool(reachable));
          case "getNodeLoad" ->
              Async.answer(
                  request,
                  nodes().load(name(request, current)),
                  (out, load) -> LoadInfo.ice_write(out, load));
          case "getNodeProcessorSocketCount" ->
              Async.answer(
                  request,
                  nodes().sockets(name(request, current)),
                  (out, count) -> out.writeInt(count));
          case "shutdownNode" -> {
            InputStream in = started(request, current, OperationMode.Normal);
            String node = in.readString();
            request.endReadParams();
            yield done(request, nodes().shutdown(node));
          }
          default -> null;
        };
    return Optional.ofNullable(answer);
  }

  private static String name(Incoming request, Current current) {
    InputStream in = started(request, current, OperationMode.Idempotent);
    String name = in.readString();
    request.endReadParams();
    return name;
  }

  private static InputStream started(Incoming request, Current current, OperationMode mode) {
    com.zeroc.Ice.Object._iceCheckMode(mode, current.mode);
    return request.startReadParams();
  }

  private static CompletionStage<OutputStream> done(
      Incoming request, CompletionStage<Void> answer) {
    return Async.answer(request, answer, (out, nothing) -> {});
  }

  private ObjectPrx routed(Current current, String name, String kind) {
    return current.adapter.createProxy(
        new Identity(name, context().names().instance() + "-Registry" + kind + "AdminRouter"));
  }

  @Override
  default ServerInfo getServerInfo(String id, Current current) throws ServerNotExistException {
    return servers().info(id);
  }

  @Override
  default String[] getAllServerIds(Current current) {
    return servers().ids().toArray(NO_STRINGS);
  }

  @Override
  default String[] getAllAdapterIds(Current current) {
    return servers().adapterIds().toArray(NO_STRINGS);
  }

  @Override
  default CompletionStage<Void> startServerAsync(String id, Current current) {
    return servers().start(id);
  }

  @Override
  default CompletionStage<Void> stopServerAsync(String id, Current current) {
    return servers().stop(id);
  }

  @Override
  default CompletionStage<Void> patchServerAsync(String id, boolean shutdown, Current current)
      throws ServerNotExistException {
    return new Patches(context()).server(id, shutdown);
  }

  @Override
  default CompletionStage<Void> patchApplicationAsync(
      String name, boolean shutdown, Current current) throws ApplicationNotExistException {
    return new Patches(context()).application(name, shutdown);
  }

  @Override
  default NodeInfo getNodeInfo(String name, Current current)
      throws NodeNotExistException, NodeUnreachableException {
    return nodes().info(name);
  }

  @Override
  default String getNodeHostname(String name, Current current)
      throws NodeNotExistException, NodeUnreachableException {
    return nodes().info(name).hostname;
  }

  @Override
  default ObjectPrx getNodeAdmin(String name, Current current) throws NodeNotExistException {
    nodes().check(name);
    return routed(current, name, "Node");
  }

  @Override
  default String[] getAllNodeNames(Current current) {
    return nodes().names().toArray(NO_STRINGS);
  }

  @Override
  default ServerState getServerState(String id, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default int getServerPid(String id, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default ObjectPrx getServerAdmin(String id, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void enableServer(String id, boolean enabled, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default boolean isServerEnabled(String id, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void sendSignal(String id, String signal, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default AdapterInfo[] getAdapterInfo(String id, Current current) throws AdapterNotExistException {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default boolean pingNode(String name, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default LoadInfo getNodeLoad(String name, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default int getNodeProcessorSocketCount(String name, Current current) {
    throw Async.onlyAsync(current.operation);
  }

  @Override
  default void shutdownNode(String name, Current current) {
    throw Async.onlyAsync(current.operation);
  }
}
