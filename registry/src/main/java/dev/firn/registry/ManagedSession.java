package dev.firn.registry;

import com.zeroc.Ice.Connection;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The life of a session: open, alive as long as it is refreshed, destroyed once. Owns its servants.
 * Any thread; the monitor guards the state and is never held while a peer is called.
 */
abstract class ManagedSession implements Reaper.Reapable {
  private final String id;
  private final SessionServants servants;
  private final Optional<Connection> connection;
  private final List<Identity> identities = new ArrayList<>();
  private Optional<Reaper.Registration> registration = Optional.empty();
  private boolean destroyed;

  /**
   * @param connection what the session is bound to; none for a Glacier2 session
   */
  ManagedSession(String id, SessionServants servants, Optional<Connection> connection) {
    this.id = id;
    this.servants = servants;
    this.connection = connection;
  }

  /** Not unique: the user, or the subject of its certificate. */
  final String id() {
    return id;
  }

  final Optional<Connection> connection() {
    return connection;
  }

  /** Whether its connection may use the admin routers. */
  abstract boolean administrative();

  /** Called once, after the session was found destroyed by others. */
  abstract void ended(boolean shutdown);

  /** Called when the session was refreshed, for traces. */
  abstract void refreshed();

  /** Called with each servant's identity that comes later than the session itself. */
  void identityAdded(Identity identity) {}

  void identityRemoved(Identity identity) {}

  /** Lets the session be reaped from now on: last step of its creation. */
  final void open(Reaper reaper, int timeoutSeconds) {
    synchronized (this) {
      registration = Optional.of(reaper.add(this, timeoutSeconds));
    }
    connection.ifPresent(bound -> servants.bind(bound, this));
  }

  /**
   * @throws ObjectNotExistException once destroyed
   */
  final synchronized void check() {
    if (destroyed) {
      throw new ObjectNotExistException();
    }
  }

  /**
   * @throws ObjectNotExistException once destroyed
   */
  final void refresh() {
    synchronized (this) {
      check();
      registration.ifPresent(Reaper.Registration::refresh);
    }
    refreshed();
  }

  /** The connection gave a sign of life: a refresh, if there is still something to refresh. */
  final void heartbeat() {
    boolean alive;
    synchronized (this) {
      alive = !destroyed;
      registration.ifPresent(Reaper.Registration::refresh);
    }
    if (alive) {
      refreshed();
    }
  }

  /**
   * Gives a servant an identity that lives no longer than the session.
   *
   * @throws ObjectNotExistException once destroyed
   */
  final ObjectPrx addServant(com.zeroc.Ice.Object servant) {
    synchronized (this) {
      check();
      ObjectPrx proxy = servants.add(servant, this);
      identities.add(proxy.ice_getIdentity());
      return proxy;
    }
  }

  /** As {@link #addServant} for a servant that comes later than the session. */
  final ObjectPrx addLaterServant(com.zeroc.Ice.Object servant) {
    ObjectPrx proxy = addServant(servant);
    identityAdded(proxy.ice_getIdentity());
    return proxy;
  }

  /**
   * @throws ObjectNotExistException if it was removed already
   */
  final void removeServant(Identity identity) {
    synchronized (this) {
      if (!identities.remove(identity)) {
        throw new ObjectNotExistException();
      }
      servants.remove(identity);
    }
    identityRemoved(identity);
  }

  final synchronized List<Identity> identities() {
    return List.copyOf(identities);
  }

  /**
   * @throws ObjectNotExistException if it was destroyed already
   */
  final void destroySession() {
    if (!end(false)) {
      throw new ObjectNotExistException();
    }
  }

  @Override
  public final void reap() {
    end(false);
  }

  @Override
  public final void shutdown() {
    end(true);
  }

  private boolean end(boolean shutdown) {
    synchronized (this) {
      if (destroyed) {
        return false;
      }
      destroyed = true;
      identities.forEach(servants::remove);
      registration.ifPresent(Reaper.Registration::cancel);
    }
    connection.ifPresent(bound -> servants.unbind(bound, this));
    ended(shutdown);
    return true;
  }
}
