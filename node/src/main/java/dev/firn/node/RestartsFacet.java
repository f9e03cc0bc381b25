package dev.firn.node;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.PropertiesAdmin;
import dev.firn.server.ServerView;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The facet {@value #NAME} of the node's Admin object: which servers keep failing, and when they
 * are started again.
 *
 * <p>Read as properties, so that every Ice client can: {@code SERVER.Failures} in a row, {@code
 * SERVER.RestartMillis} from now, {@code SERVER.LastFailure}. Servers that do not fail have none.
 * {@code icegridadmin server start} or {@code enable} ends the waiting.
 */
final class RestartsFacet implements PropertiesAdmin {
  static final String NAME = "Firn.Restarts";

  private final Supplier<Collection<ServerView>> servers;
  private final LongSupplier nowMillis;

  RestartsFacet(Supplier<Collection<ServerView>> servers, LongSupplier nowMillis) {
    this.servers = servers;
    this.nowMillis = nowMillis;
  }

  @Override
  public String getProperty(String key, Current current) {
    return all().getOrDefault(key, "");
  }

  @Override
  public Map<String, String> getPropertiesForPrefix(String prefix, Current current) {
    SortedMap<String, String> found = all();
    found.keySet().removeIf(key -> !key.startsWith(prefix));
    return found;
  }

  /** There is nothing to set. */
  @Override
  public void setProperties(Map<String, String> properties, Current current) {
    throw new com.zeroc.Ice.OperationNotExistException(
        current.id, current.facet, current.operation);
  }

  private SortedMap<String, String> all() {
    SortedMap<String, String> all = new TreeMap<>();
    for (ServerView server : servers.get()) {
      // A server that has come up again is not waiting for anything.
      if (server.failures() > 0 && server.restartMillis().isPresent()) {
        String prefix = server.status().id() + ".";
        long left = Math.max(0, server.restartMillis().getAsLong() - nowMillis.getAsLong());
        all.put(prefix + "Failures", Integer.toString(server.failures()));
        all.put(prefix + "RestartMillis", Long.toString(left));
        all.put(prefix + "LastFailure", server.lastFailure());
      }
    }
    return all;
  }
}
