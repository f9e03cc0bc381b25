package dev.firn.cli;

import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How the commands of {@code firn component} show what they have found. */
final class ComponentOutput {
  private ComponentOutput() {}

  /** The command that a command belongs to; the parser always sets it. */
  static ComponentToolMain parent(@Nullable ComponentToolMain tool) {
    if (tool == null) {
      throw new IllegalStateException("a command without its parent");
    }
    return tool;
  }

  static String name(ReplicaState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Whether it serves, though its state is kept nowhere else. */
  static boolean isUnprotected(ReplicaStatus status) {
    return status.state == ReplicaState.Active && status.lastError.startsWith("unprotected: ");
  }

  /** Prints a state. */
  static void print(ComponentToolMain options, String state) {
    System.out.println(options.json ? "{\"state\":" + quoted(state) + "}" : state);
  }

  /** How a revision of the configuration is shown. */
  static String text(OptionalLong revision) {
    return revision.isPresent() ? Long.toString(revision.getAsLong()) : "-";
  }

  static String lines(ReplicaStatus status, OptionalLong configuration) {
    return "instance: "
        + status.instance
        + "\ngroup: "
        + status.group
        + "\nstate: "
        + name(status.state)
        + "\nstandalone: "
        + status.standalone
        + "\nepoch: "
        + status.epoch
        + "\napplied: "
        + status.appliedSeq
        + " of "
        + status.headSeq
        + "\nlag: "
        + status.lagMillis
        + " ms\nconfiguration: "
        + text(configuration)
        + "\nsince: "
        + java.time.Instant.ofEpochMilli(status.sinceMillis)
        + "\nregistered: "
        + String.join(" ", status.registered)
        + "\nerror: "
        + status.lastError.replace('\n', ' ');
  }

  /**
   * @param more members of the object, each behind a comma
   */
  static String json(ReplicaStatus status, OptionalLong configuration, String more) {
    return "{\"group\":"
        + quoted(status.group)
        + ",\"instance\":"
        + quoted(status.instance)
        + ",\"state\":"
        + quoted(name(status.state))
        + ",\"standalone\":"
        + status.standalone
        + ",\"epoch\":"
        + status.epoch
        + ",\"appliedSeq\":"
        + status.appliedSeq
        + ",\"headSeq\":"
        + status.headSeq
        + ",\"lagMillis\":"
        + status.lagMillis
        + ",\"sinceMillis\":"
        + status.sinceMillis
        + (configuration.isPresent()
            ? ",\"configurationRevision\":" + configuration.getAsLong()
            : "")
        + more
        + ",\"lastError\":"
        + quoted(status.lastError)
        + ",\"registered\":["
        + Arrays.stream(status.registered)
            .map(ComponentOutput::quoted)
            .collect(Collectors.joining(","))
        + "]}";
  }

  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < ' ') {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
