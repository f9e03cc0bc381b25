package dev.firn.cli;

import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code firn component status}. */
@Command(name = "status", description = "Shows all that an instance says of itself.")
final class ComponentStatus implements Callable<Integer> {
  @ParentCommand private @Nullable ComponentToolMain tool;

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(5)) {
      ReplicaProxy replica = options.one(client);
      CompletionStage<OptionalLong> revision = replica.configurationRevision();
      ReplicaStatus status = client.get(replica.status());
      OptionalLong configuration = client.get(revision);
      System.out.println(
          options.json
              ? ComponentOutput.json(status, configuration, "")
              : ComponentOutput.lines(status, configuration));
      return ComponentToolMain.DONE;
    }
  }
}
