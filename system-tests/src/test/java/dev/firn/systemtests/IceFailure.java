package dev.firn.systemtests;

/**
 * An exception that a Python client caught; the type is written as {@code
 * IceGrid.DeploymentException}.
 */
final class IceFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String type;
  private final transient Json fields;

  IceFailure(String what, Json error) {
    super(what + ": " + error.get("type").text() + " " + error.get("text").text());
    this.type = error.get("type").text();
    this.fields = error.get("fields");
  }

  String type() {
    return type;
  }

  /** A data member of the exception. */
  Json field(String name) {
    return fields.get(name);
  }

  String reason() {
    return field("reason").text();
  }
}
