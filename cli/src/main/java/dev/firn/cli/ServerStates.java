package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceGrid.AdminPrx;
import com.zeroc.IceGrid.NodeUnreachableException;

/** Asks what servers do now, for as many as a person would read of. */
final class ServerStates {

  private static final int SERVERS_MAX = 200;

  private final AdminPrx admin;
  private int asked;

  ServerStates(AdminPrx admin) {
    this.admin = admin;
  }

  /** A few words about a deployed server. */
  String now(String server) {
    if (++asked > SERVERS_MAX) {
      return "not asked whether it runs";
    }
    try {
      return switch (admin.getServerState(server)) {
        case Inactive, Destroying, Destroyed -> "not running now";
        case Activating, Active, ActivationTimedOut -> "running now";
        case Deactivating -> "stopping now";
      };
    } catch (NodeUnreachableException exception) {
      return "unknown whether it runs: node `" + exception.name + "' is unreachable";
    } catch (UserException exception) {
      return "unknown whether it runs: " + exception.ice_id();
    } catch (LocalException exception) {
      return "unknown whether it runs: " + exception.ice_id();
    }
  }
}
