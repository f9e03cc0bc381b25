package dev.firn.bench;

import java.util.Locale;

/** The servers that are compared. */
enum ServerKind {
  /** Firn's registry. */
  FIRN,
  /** ZeroC's icegridregistry. */
  REFERENCE,
  /** {@link NoopServer}. */
  NOOP;

  /** As written on the command line and in the tables. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether it keeps entries; only such a server is asked about loading, memory and sync. */
  boolean isRegistry() {
    return this != NOOP;
  }
}
