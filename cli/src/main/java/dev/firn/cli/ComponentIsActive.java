package dev.firn.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code firn component is-active}. */
@Command(
    name = "is-active",
    description = "Whether an instance serves: 0 yes, 1 no, 2 unreachable.")
final class ComponentIsActive implements Callable<Integer> {
  @ParentCommand private @Nullable ComponentToolMain tool;

  @Override
  public Integer call() {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(5)) {
      boolean active = options.one(client).classic().isActive();
      ComponentOutput.print(options, active ? "active" : "standby");
      return active ? ComponentToolMain.DONE : ComponentToolMain.FAILED;
    }
  }
}
