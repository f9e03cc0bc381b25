package dev.firn.component;

import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The status of an instance as JSON, with the names of its Slice. */
final class StatusJson {
  private StatusJson() {}

  static String of(ReplicaStatus status, long configurationRevision) {
    return "{"
        + text("group", status.group)
        + text("instance", status.instance)
        + text("state", status.state.toString())
        + "\"standalone\":"
        + status.standalone
        + number("epoch", status.epoch)
        + number("appliedSeq", status.appliedSeq)
        + number("headSeq", status.headSeq)
        + number("lagMillis", status.lagMillis)
        + number("sinceMillis", status.sinceMillis)
        + number("configurationRevision", configurationRevision)
        + ","
        + text("lastError", status.lastError)
        + "\"registered\":"
        + Arrays.stream(status.registered)
            .map(StatusJson::quoted)
            .collect(Collectors.joining(",", "[", "]"))
        + "}\n";
  }

  private static String text(String key, String value) {
    return quoted(key) + ":" + quoted(value) + ",";
  }

  private static String number(String key, long value) {
    return "," + quoted(key) + ":" + value;
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c < 0x20) {
        quoted.append(String.format("\\u%04x", (int) c));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }
}
