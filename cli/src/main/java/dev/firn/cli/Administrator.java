package dev.firn.cli;

import com.zeroc.Ice.ACMHeartbeat;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.DeploymentException;
import com.zeroc.IceGrid.RegistryPrx;
import com.zeroc.IceGrid.ServerState;
import java.util.Optional;
import java.util.OptionalInt;

/** An administrator's session with one replica of a {@link Grid}. */
final class Administrator implements AutoCloseable {
  private final AdminSessionPrx session;

  private Administrator(AdminSessionPrx session) {
    this.session = session;
  }

  static Administrator at(Communicator communicator, GridReplica replica) throws UserException {
    String registry = replica.name().equals("Master") ? "Registry" : "Registry-" + replica.name();
    RegistryPrx proxy =
        RegistryPrx.uncheckedCast(
            communicator.stringToProxy(
                Grid.INSTANCE + "/" + registry + ":tcp -h 127.0.0.1 -p " + replica.port()));
    AdminSessionPrx session = proxy.createAdminSession("demo", "demo");
    int timeoutSeconds = proxy.getACMTimeout();
    if (timeoutSeconds > 0) {
      session
          .ice_getConnection()
          .setACM(
              OptionalInt.of(timeoutSeconds),
              Optional.empty(),
              Optional.of(ACMHeartbeat.HeartbeatAlways));
    }
    return new Administrator(session);
  }

  AdminPrx admin() {
    return session.getAdmin();
  }

  /** Whether a node can be reached through this replica. */
  boolean isNodeUp(String node) {
    try {
      return admin().pingNode(node);
    } catch (UserException | LocalException e) {
      return false; // not known yet
    }
  }

  boolean isActive(String server) {
    try {
      return admin().getServerState(server) == ServerState.Active;
    } catch (UserException | LocalException e) {
      return false;
    }
  }

  /** The process of a server, 0 if there is none. */
  long pid(String server) {
    try {
      return admin().getServerPid(server);
    } catch (UserException | LocalException e) {
      return 0;
    }
  }

  /** What went wrong, in a word or in the registry's own. */
  static String reason(Exception failure) {
    if (failure instanceof DeploymentException e) {
      return e.reason;
    } else if (failure instanceof UserException e) {
      return e.ice_id();
    } else if (failure instanceof LocalException e) {
      return e.ice_id();
    }
    return failure.toString();
  }

  @Override
  public void close() {
    try {
      session.destroy();
    } catch (LocalException e) {
      // It ends with its replica.
    }
  }
}
