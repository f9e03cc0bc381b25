package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import dev.firn.wire.Failover.V1.ReplicaState;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code firn component wait}. */
@Command(
    name = "wait",
    description =
        "Waits until an instance is in a state, also if it is not there yet: 0, or 1 after"
            + " --timeout.")
final class ComponentWait implements Callable<Integer> {
  private static final long PAUSE_MILLIS = 100;
  private static final long CALL_MILLIS = 1_000;

  @ParentCommand private @Nullable ComponentToolMain tool;

  @Parameters(
      paramLabel = "STATE",
      description = "active, standby, syncing ...; several with a comma between them")
  private String states = "";

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    java.util.List<String> wanted = Arrays.asList(states.toLowerCase(Locale.ROOT).split(",", -1));
    for (String one : wanted) {
      if (Arrays.stream(ReplicaState.values())
          .noneMatch(s -> ComponentOutput.name(s).equals(one))) {
        throw new ComponentFailure(ComponentToolMain.USAGE, "there is no state \"" + one + "\"");
      }
    }
    try (ComponentClient client = options.open(30)) {
      String last = "";
      while (true) {
        last = state(options, client, last);
        if (wanted.contains(last)) {
          ComponentOutput.print(options, last);
          return ComponentToolMain.DONE;
        } else if (client.isOver()) {
          System.err.println("firn component: still " + last);
          return ComponentToolMain.FAILED;
        }
        TimeUnit.MILLISECONDS.sleep(Math.min(PAUSE_MILLIS, client.leftMillis()));
      }
    }
  }

  private static String state(ComponentToolMain options, ComponentClient client, String last)
      throws Exception {
    try {
      ReplicaProxy replica = options.one(client).within(Math.min(CALL_MILLIS, client.leftMillis()));
      return ComponentOutput.name(client.get(replica.status()).state);
    } catch (ComponentFailure e) {
      if (e.status() != ComponentToolMain.UNREACHABLE) {
        throw e;
      }
      return "unreachable";
    } catch (LocalException e) {
      // The last question ran out of time, not the instance of its state.
      return client.isOver() && !last.isEmpty() ? last : "unreachable";
    }
  }
}
