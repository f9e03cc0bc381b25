package dev.firn.registry;

import com.zeroc.IceGrid.AccessDeniedException;
import org.jspecify.annotations.Nullable;

/** The lock that lets one admin session at a time update applications. Any thread. */
final class ExclusiveLock {
  private @Nullable Holder owner;

  /** A session that may take the lock. Two sessions with the same id are two holders. */
  Holder holder(String sessionId) {
    return new Holder(sessionId);
  }

  /** One session's side of the lock. */
  final class Holder {
    private final String sessionId;

    private Holder(String sessionId) {
      this.sessionId = sessionId;
    }

    String sessionId() {
      return sessionId;
    }

    /**
     * Takes the lock; holding it already is fine.
     *
     * @throws AccessDeniedException with the session id of another holder
     */
    void acquire() throws AccessDeniedException {
      synchronized (ExclusiveLock.this) {
        check();
        owner = this;
      }
    }

    /**
     * Gives the lock back.
     *
     * @throws AccessDeniedException with an empty id unless this is the holder
     */
    void release() throws AccessDeniedException {
      if (!releaseIfHeld()) {
        throw new AccessDeniedException("");
      }
    }

    /** Gives the lock back at the end of the session; whether it was held. */
    boolean releaseIfHeld() {
      synchronized (ExclusiveLock.this) {
        if (owner != this) {
          return false;
        }
        owner = null;
        return true;
      }
    }

    /**
     * Whether this session may update applications now: nobody else holds the lock.
     *
     * @throws AccessDeniedException with the session id of another holder
     */
    void check() throws AccessDeniedException {
      synchronized (ExclusiveLock.this) {
        if (owner != null && owner != this) {
          throw new AccessDeniedException(owner.sessionId);
        }
      }
    }
  }
}
