package dev.firn.cli;

/** The seam of the commands that read or show descriptors. */
final class Deployment {

  static final String NOT_SUPPORTED = "Not supported by this version.";

  private Deployment() {}

  static CommandException notSupported(String command) {
    return new CommandException(
        "`" + command + "' is not supported: this version does not deploy applications");
  }
}
