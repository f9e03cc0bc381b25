package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.SessionPrx;
import java.util.Optional;

/** Makes client sessions that are bound to the connection which asks for them. Any thread. */
final class ClientSessionFactory {
  private final SessionServices services;
  private final SessionServants servants;
  private final ClientSessionServant.Services clientServices;

  /**
   * @param servants of the Client adapter
   */
  ClientSessionFactory(
      SessionServices services,
      SessionServants servants,
      ClientSessionServant.Services clientServices) {
    this.services = services;
    this.servants = servants;
    this.clientServices = clientServices;
  }

  /**
   * @param sessionId the user, or the subject of the certificate
   * @param current the request, on the connection that the session belongs to
   */
  SessionPrx createBound(String sessionId, Current current) throws PermissionDeniedException {
    Connection connection = current.con;
    if (connection == null) {
      throw new PermissionDeniedException("a client session needs a connection");
    }
    ClientSessionServant session =
        new ClientSessionServant(sessionId, servants, Optional.of(connection), clientServices);
    SessionPrx proxy = session.register();
    session.open(services.reaper(), services.sessionTimeoutSeconds());
    return proxy;
  }
}
