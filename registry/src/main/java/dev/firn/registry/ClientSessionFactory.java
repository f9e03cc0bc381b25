package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.PermissionDeniedException;
import com.zeroc.IceGrid.SessionPrx;

/** Makes the sessions by which clients allocate objects, once the client was found permitted. */
interface ClientSessionFactory {
  /** Why this version never makes one. */
  String NONE = "this version of the registry has no client sessions";

  /** The factory of a registry without client sessions. */
  static ClientSessionFactory none() {
    return (sessionId, current) -> {
      throw new PermissionDeniedException(NONE);
    };
  }

  /**
   * @param sessionId the user, or the subject of the certificate
   * @param current the request, on the connection that the session belongs to
   */
  SessionPrx create(String sessionId, Current current) throws PermissionDeniedException;
}
