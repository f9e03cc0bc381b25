package dev.firn.model;

import static java.util.Objects.requireNonNull;

/**
 * Why a command was not carried out. Nothing has changed.
 *
 * @param subject the id concerned, in the form of {@link ObjectId#toString} or an adapter id
 */
public record Rejection(Reason reason, String subject) {
  /** The user's mistake. */
  public enum Reason {
    OBJECT_EXISTS,
    OBJECT_NOT_REGISTERED,
    ADAPTER_NOT_EXIST,
    APPLICATION_NOT_EXIST,
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
