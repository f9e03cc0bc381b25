package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceGrid.Admin;
import com.zeroc.IceGrid.LoadInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.NodeNotExistException;
import com.zeroc.IceGrid.ServerInfo;
import com.zeroc.IceGrid.ServerNotExistException;
import com.zeroc.IceGrid.ServerState;
import java.util.concurrent.CompletionStage;

/** The operations on nodes and servers, as a registry without any answers them. */
interface EmptyDeployment extends Admin {
  @Override
  default ServerInfo getServerInfo(String id, Current current) throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default ServerState getServerState(String id, Current current) throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default int getServerPid(String id, Current current) throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default ObjectPrx getServerAdmin(String id, Current current) throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default void enableServer(String id, boolean enabled, Current current)
      throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default boolean isServerEnabled(String id, Current current) throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default CompletionStage<Void> startServerAsync(String id, Current current)
      throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default CompletionStage<Void> stopServerAsync(String id, Current current)
      throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default CompletionStage<Void> patchServerAsync(String id, boolean shutdown, Current current)
      throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default void sendSignal(String id, String signal, Current current)
      throws ServerNotExistException {
    throw new ServerNotExistException(id);
  }

  @Override
  default String[] getAllServerIds(Current current) {
    return new String[0];
  }

  @Override
  default boolean pingNode(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default LoadInfo getNodeLoad(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default NodeInfo getNodeInfo(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default ObjectPrx getNodeAdmin(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default int getNodeProcessorSocketCount(String name, Current current)
      throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default void shutdownNode(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default String getNodeHostname(String name, Current current) throws NodeNotExistException {
    throw new NodeNotExistException(name);
  }

  @Override
  default String[] getAllNodeNames(Current current) {
    return new String[0];
  }
}
