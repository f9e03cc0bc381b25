package dev.firn.cli;

import com.zeroc.Glacier2.CannotCreateSessionException;
import com.zeroc.Glacier2.RouterPrx;
import com.zeroc.Glacier2.SessionPrx;
import com.zeroc.Ice.ACMHeartbeat;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.NotRegisteredException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotFoundException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.LocatorPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.RegistryPrx;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;

/** Creates the admin session, directly with a registry or through a Glacier2 router. */
final class Login {

  /** A session, and how it ends. */
  record Established(AdminSessionPrx session, Optional<RouterPrx> router) {

    /** Ends the session; a registry that is gone has ended it already. */
    void destroy() {
      try {
        if (router.isPresent()) {
          router.get().destroySession();
        } else {
          session.destroy();
        }
      } catch (LocalException | com.zeroc.Glacier2.SessionNotExistException exception) {
        // The registry may just have been shut down.
      }
    }
  }

  private final Communicator communicator;
  private final AdminOptions options;
  private final Console console;
  private final Prompter prompter;
  private final String program;

  Login(
      Communicator communicator,
      AdminOptions options,
      Console console,
      Prompter prompter,
      String program) {
    this.communicator = communicator;
    this.options = options;
    this.console = console;
    this.prompter = prompter;
    this.program = program;
  }

  Established establish() throws AdminException, IOException {
    try {
      return communicator.getDefaultRouter() == null ? direct() : throughRouter();
    } catch (PermissionDeniedException exception) {
      throw AdminException.refused("permission denied:\n" + exception.reason);
    } catch (com.zeroc.Glacier2.PermissionDeniedException exception) {
      throw AdminException.refused("permission denied:\n" + exception.reason);
    } catch (CannotCreateSessionException exception) {
      throw AdminException.refused("session creation failed:\n" + exception.reason);
    }
  }

  private Established throughRouter()
      throws AdminException,
          IOException,
          CannotCreateSessionException,
          com.zeroc.Glacier2.PermissionDeniedException {
    RouterPrx router;
    try {
      router = RouterPrx.checkedCast(communicator.getDefaultRouter().ice_preferSecure(true));
    } catch (LocalException exception) {
      throw AdminException.failure(
          "could not contact the default router:\n" + Failures.text(exception));
    }
    if (router == null) {
      throw AdminException.failure("configured router is not a Glacier2 router");
    }
    SessionPrx session;
    if (options.ssl()) {
      session = router.createSessionFromSecureConnection();
    } else {
      session = router.createSession(user(), password());
    }
    if (session == null) {
      throw AdminException.failure(
          "Glacier2 returned a null session, please set the Glacier2."
              + (options.ssl() ? "SSLSessionManager" : "SessionManager")
              + " property");
    }
    try {
      heartbeat(router.ice_getCachedConnection(), router.getACMTimeout());
    } catch (OperationNotExistException exception) {
      throw AdminException.failure("can't talk to old Glacier2 router version");
    }
    return new Established(AdminSessionPrx.uncheckedCast(session), Optional.of(router));
  }

  private Established direct() throws AdminException, IOException, PermissionDeniedException {
    RegistryPrx registry = registry().ice_preferSecure(true);
    AdminSessionPrx session;
    if (options.ssl()) {
      session = registry.createAdminSessionFromSecureConnection();
    } else {
      session = registry.createAdminSession(user(), password());
    }
    try {
      heartbeat(session.ice_getConnection(), registry.getACMTimeout());
    } catch (OperationNotExistException exception) {
      throw AdminException.failure("can't talk to old IceGrid registry version");
    }
    return new Established(session, Optional.empty());
  }

  private RegistryPrx registry() throws AdminException {
    LocatorPrx locator;
    RegistryPrx local;
    try {
      locator = LocatorPrx.checkedCast(communicator.getDefaultLocator());
      if (locator == null) {
        throw AdminException.failure("configured locator is not an IceGrid locator");
      }
      local = locator.getLocalRegistry();
    } catch (LocalException exception) {
      throw AdminException.failure(
          "could not contact the default locator:\n" + Failures.text(exception));
    }
    // The locator's own identity need not be of this instance: a discovered one is not.
    var wanted = new Identity(wantedName(), local.ice_getIdentity().category);
    if (local.ice_getIdentity().equals(wanted)) {
      return routedThroughLocator(local, locator);
    }
    try {
      return find(wanted);
    } catch (LocalException exception) {
      if (!options.replica().isEmpty()) {
        throw AdminException.failure(
            "could not contact the registry replica named `"
                + options.replica()
                + "':\n"
                + Failures.text(exception));
      }
    }
    String slave = local.ice_getIdentity().name;
    if (slave.startsWith("Registry-")) {
      slave = slave.substring("Registry-".length());
    }
    console.diagnose(program + ": warning: could not contact master, using slave `" + slave + "'");
    return routedThroughLocator(local, locator);
  }

  private RegistryPrx find(Identity wanted) throws AdminException {
    try {
      ObjectPrx found = communicator.getDefaultLocator().findObjectById(wanted);
      RegistryPrx registry = found == null ? null : RegistryPrx.checkedCast(found);
      if (registry == null) {
        throw AdminException.failure("could not contact an IceGrid registry");
      }
      return registry;
    } catch (ObjectNotFoundException | NotRegisteredException exception) {
      throw AdminException.failure(
          "no active registry replica named `"
              + (options.replica().isEmpty() ? "Master" : options.replica())
              + "'");
    }
  }

  private String wantedName() {
    boolean master = options.replica().isEmpty() || options.replica().equals("Master");
    return master ? "Registry" : "Registry-" + options.replica();
  }

  private RegistryPrx routedThroughLocator(RegistryPrx registry, LocatorPrx locator) {
    ObjectAdapter collocated = communicator.createObjectAdapter("");
    var router =
        com.zeroc.Ice.RouterPrx.uncheckedCast(
            collocated.addWithUUID(new LocatorRouter(locator.ice_router(null))));
    communicator.setDefaultRouter(router);
    return registry.ice_router(router);
  }

  private String user() throws AdminException, IOException {
    return options.username().isEmpty() ? prompter.askUser() : options.username();
  }

  private String password() throws AdminException, IOException {
    return options.password().isEmpty() ? prompter.askPassword() : options.password();
  }

  /** Keeps the session alive for as long as the process lives, without calls of ours. */
  private static void heartbeat(Connection connection, int timeoutSeconds) {
    if (timeoutSeconds > 0 && connection != null) {
      connection.setACM(
          OptionalInt.of(timeoutSeconds),
          Optional.empty(),
          Optional.of(ACMHeartbeat.HeartbeatAlways));
    }
  }
}
