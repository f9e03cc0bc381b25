package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.PermissionDeniedException;
import java.util.Optional;

/** Makes admin sessions that are bound to the connection which asks for them. Any thread. */
final class AdminSessionFactory {
  private final SessionServices services;
  private final SessionServants servants;
  private final AdminCallbackRouter callbacks;

  /**
   * @param servants of the Client adapter
   */
  AdminSessionFactory(
      SessionServices services, SessionServants servants, AdminCallbackRouter callbacks) {
    this.services = services;
    this.servants = servants;
    this.callbacks = callbacks;
  }

  AdminSessionPrx createBound(String sessionId, Current current) throws PermissionDeniedException {
    Connection connection = current.con;
    if (connection == null) {
      throw new PermissionDeniedException("an admin session needs a connection");
    }
    AdminSessionServant session =
        new AdminSessionServant(
            sessionId, servants, Optional.of(connection), services, Optional.of(callbacks));
    AdminSessionPrx proxy = session.register();
    session.open(services.reaper(), services.sessionTimeoutSeconds());
    return proxy;
  }
}
