package dev.firn.component;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.DispatchInterceptor;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.Request;
import com.zeroc.Ice.UserException;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The connections through which requests have come, so that they can be closed: an adapter that is
 * destroyed waits for its requests instead. Any thread.
 */
final class ConnectionTable {
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

  /** The same object; who calls it is noted. */
  com.zeroc.Ice.Object watching(com.zeroc.Ice.Object servant) {
    return new DispatchInterceptor() {
      @Override
      public @Nullable CompletionStage<OutputStream> dispatch(Request request)
          throws UserException {
        Connection connection = request.getCurrent().con;
        if (connection != null && connections.add(connection)) {
          connection.setCloseCallback(connections::remove);
        }
        return servant.ice_dispatch(request);
      }
    };
  }

  void close(ConnectionClose how) {
    connections.forEach(connection -> connection.close(how));
  }

  void clear() {
    connections.clear();
  }
}
