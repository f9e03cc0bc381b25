package dev.firn.node;

import com.zeroc.IceGrid.DeploymentException;
import dev.firn.server.ServerAnswer;
import dev.firn.server.ServerInput;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gets servers ready for patching. */
final class Patching {
  private Patching() {}

  /**
   * @return the ids of those that wait to be patched; fails, and lets all run again, if one is
   *     active and must not be shut down
   */
  static CompletionStage<List<String>> prepare(List<HostedServer> servers, boolean shutdown) {
    List<CompletableFuture<ServerAnswer>> answers =
        servers.stream()
            .map(server -> server.request(caller -> new ServerInput.Patch(caller, shutdown)))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenCompose(
            done -> {
              List<String> ready = new ArrayList<>();
              List<String> active = new ArrayList<>();
              for (int i = 0; i < servers.size(); i++) {
                ServerAnswer answer = answers.get(i).join();
                if (answer instanceof ServerAnswer.Done) {
                  ready.add(servers.get(i).id());
                } else if (answer instanceof ServerAnswer.PatchRefused) {
                  active.add(servers.get(i).id());
                }
              }
              if (active.isEmpty()) {
                return CompletableFuture.completedFuture(ready);
              }
              servers.stream()
                  .filter(server -> ready.contains(server.id()))
                  .forEach(server -> server.post(new ServerInput.Patched()));
              return CompletableFuture.failedFuture(new DeploymentException(reason(active)));
            });
  }

  private static String reason(List<String> active) {
    return active.size() == 1
        ? "server `" + active.get(0) + "' is active"
        : "servers `" + String.join(", ", active) + "' are active";
  }
}
