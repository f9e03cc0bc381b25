package dev.firn.registry;

import com.zeroc.Ice.BlobjectAsync;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Object.Ice_invokeResult;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Forwards what servers and nodes call back to the administrators behind sessions, over the
 * sessions' own connections. The default servant of the Server adapter. Any thread.
 */
final class AdminCallbackRouter implements BlobjectAsync {
  private final ObjectAdapter adapter;
  private final String instanceName;
  private final PendingAnswers pending;
  private final Map<String, Connection> connections = new ConcurrentHashMap<>();

  AdminCallbackRouter(ObjectAdapter adapter, String instanceName, PendingAnswers pending) {
    this.adapter = adapter;
    this.instanceName = instanceName;
    this.pending = pending;
  }

  /** A new identity category whose requests go to this connection. */
  String open(Connection connection) {
    String category = instanceName + "-" + UUID.randomUUID();
    connections.put(category, connection);
    return category;
  }

  void close(String category) {
    connections.remove(category);
  }

  /** What clients make their callback proxies from. */
  ObjectPrx template(String category) {
    return adapter.createProxy(new Identity("pick-a-name", category));
  }

  @Override
  public CompletionStage<Ice_invokeResult> ice_invokeAsync(byte[] parameters, Current current) {
    Connection connection = connections.get(current.id.category);
    if (connection == null) {
      throw notExist(current);
    }
    try {
      ObjectPrx target = connection.createProxy(current.id).ice_facet(current.facet);
      return RawForward.to(
          target.ice_encodingVersion(current.encoding), parameters, current, pending);
    } catch (LocalException closed) {
      throw notExist(current);
    }
  }

  private static ObjectNotExistException notExist(Current current) {
    return new ObjectNotExistException(current.id, current.facet, current.operation);
  }
}
