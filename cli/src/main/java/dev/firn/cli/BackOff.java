package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.PropertiesAdminPrx;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminPrx;
import java.util.Map;
import java.util.Optional;

/** What a node of Firn's tells of a server that keeps failing and waits to be started again. */
final class BackOff {
  private static final String FACET = "Firn.Restarts";
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private BackOff() {}

  /**
   * Asks the server's node.
   *
   * @return lines for a person; empty if the server does not wait, or the node does not know such
   *     things
   */
  static Optional<String> of(AdminPrx admin, String server) {
    String prefix = server + ".";
    Map<String, String> facts;
    try {
      ObjectPrx node = admin.getNodeAdmin(admin.getServerInfo(server).node);
      if (node == null) {
        return Optional.empty();
      }
      facts =
          PropertiesAdminPrx.uncheckedCast(
                  node.ice_facet(FACET).ice_invocationTimeout(TIMEOUT_MILLIS))
              .getPropertiesForPrefix(prefix);
    } catch (UserException | LocalException exception) {
      // The state was asked for, and is known without this.
      return Optional.empty();
    }
    return lines(server, facts);
  }

  /** Pure. */
  static Optional<String> lines(String server, Map<String, String> facts) {
    String failures = facts.get(server + ".Failures");
    String restartMillis = facts.get(server + ".RestartMillis");
    if (failures == null || restartMillis == null) {
      return Optional.empty();
    }
    long seconds;
    try {
      seconds = (Long.parseLong(restartMillis) + MILLIS_PER_SECOND - 1) / MILLIS_PER_SECOND;
    } catch (NumberFormatException exception) {
      return Optional.empty();
    }
    String last = facts.getOrDefault(server + ".LastFailure", "").replace('\n', ' ').strip();
    return Optional.of(
        "failures in a row: "
            + failures
            + (last.isEmpty() ? "" : ", the last: " + last)
            + "\nstarts again in "
            + seconds
            + " s; `server start' or `server enable' ends the waiting");
  }
}
