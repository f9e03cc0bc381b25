package dev.firn.registry;

import java.util.List;

/**
 * What nodes say of an update before it is made.
 *
 * @param reasons why it cannot be made, a line or more each; empty if it can
 * @param details what was found server by server, for traces
 */
record UpdateCheck(List<String> reasons, List<String> details) {
  static final UpdateCheck ALLOWED = new UpdateCheck(List.of(), List.of());

  UpdateCheck {
    reasons = List.copyOf(reasons);
    details = List.copyOf(details);
  }

  boolean allowed() {
    return reasons.isEmpty();
  }

  /** The reason of the DeploymentException for who asked for the update. */
  String reason(String application) {
    return heading(application) + "\n" + String.join("\n", reasons);
  }

  /** The line for traces. */
  String trace(String application) {
    return heading(application) + "\n" + String.join("\n", details.isEmpty() ? reasons : details);
  }

  private static String heading(String application) {
    return "check for application `" + application + "' update failed:";
  }
}
