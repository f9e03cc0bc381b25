package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * Why a command was not carried out. Nothing has changed.
 *
 * @param subject the id concerned, in the form of {@link ObjectId#toString} or an adapter id,
 *     unless the reason says otherwise
 */
public record Rejection(Reason reason, String subject) {
  /** The user's mistake. */
  public enum Reason {
    OBJECT_EXISTS,
    OBJECT_NOT_REGISTERED,
    ADAPTER_NOT_EXIST,
    APPLICATION_NOT_EXIST,
    APPLICATION_EXISTS,
    /** The application cannot be deployed with what is there; {@code subject} says why. */
    APPLICATION_REFUSED,
    /** The application was changed meanwhile. */
    APPLICATION_CHANGED,
    /** {@code subject} is the application that deploys the object. */
    OBJECT_DEPLOYED,
    /** {@code subject} is the application that deploys the adapter or replica group. */
    ADAPTER_DEPLOYED,
    /** The database could not be written; {@code subject} says why. */
    NOT_PERSISTED,
    /** This registry takes its tables from a master, or was started read-only. */
    READ_ONLY,
    /** This registry is shutting down. */
    SHUTTING_DOWN
  }

  public Rejection {
    requireNonNull(reason, "reason");
    requireNonNull(subject, "subject");
  }
}
