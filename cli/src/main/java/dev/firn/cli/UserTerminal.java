package dev.firn.cli;

import java.io.Console;
import java.util.Optional;

/** The terminal of the user, if both standard input and output are one. */
final class UserTerminal {

  private UserTerminal() {}

  @SuppressWarnings("SystemConsoleNull") // The property has newer JDKs return null, too.
  static Optional<Console> find() {
    System.setProperty("jdk.console", "java.base");
    return Optional.ofNullable(System.console());
  }
}
