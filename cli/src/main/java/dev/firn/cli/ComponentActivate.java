package dev.firn.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code firn component activate}. */
@Command(
    name = "activate",
    description = "Makes an instance the active one, as classic scripts do; may be repeated.")
final class ComponentActivate implements Callable<Integer> {
  @ParentCommand private @Nullable ComponentToolMain tool;

  @Override
  public Integer call() {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(25)) {
      ReplicaProxy replica = options.one(client);
      if (replica.classic().activate()) {
        return ComponentToolMain.DONE;
      }
      throw new ComponentFailure(
          ComponentToolMain.FAILED,
          replica.name() + " is not active; `firn component status' says why");
    }
  }
}
