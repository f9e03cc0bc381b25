package dev.firn.registry;

import com.zeroc.IceGrid.NodeUnreachableException;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.EncodedProxy;
import dev.firn.model.RegistryTables;
import dev.firn.model.UpdatePlan;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** No node is ever there. */
final class UnreachableNodes implements DeployedServers, NodeViews {
  private static final String REASON = "the node is not active";

  @Override
  public void update(RegistryTables before, RegistryTables after) {
    // Nobody can be told.
  }

  @Override
  public CompletionStage<UpdateCheck> check(
      UpdatePlan plan, ApplicationInfo after, boolean noRestart) {
    return CompletableFuture.completedFuture(UpdateCheck.ALLOWED);
  }

  @Override
  public void withoutRestart(String application, String uuid, int revision) {
    // Nothing is started either.
  }

  @Override
  public CompletionStage<List<String>> synchronised(Collection<String> serverIds) {
    return CompletableFuture.completedFuture(List.of());
  }

  @Override
  public CompletionStage<NodeAdapter> adapter(String adapterId, boolean upToDate) {
    return CompletableFuture.failedFuture(new NodeUnreachableException("", REASON));
  }

  @Override
  public CompletionStage<NodeServer> server(String serverId, boolean upToDate) {
    return CompletableFuture.failedFuture(new NodeUnreachableException("", REASON));
  }

  @Override
  public EntryState state(String serverId) {
    return EntryState.UNREACHABLE;
  }

  @Override
  public @Nullable EncodedProxy activeProxy(String adapterId) {
    return null;
  }

  @Override
  public long stamp(String adapterId) {
    return 0;
  }

  @Override
  public void learned(String adapterId, long stamp, EncodedProxy proxy) {
    // Nothing is remembered.
  }

  @Override
  public boolean serverEnabled(String serverId) {
    return true;
  }

  @Override
  public @Nullable NodeLoad load(String node) {
    return null;
  }

  @Override
  public void forget(String adapterId) {
    // Nothing is remembered.
  }

  @Override
  public void onEnabled(BiConsumer<String, Boolean> listener) {
    // Nothing ever changes.
  }

  @Override
  public CompletionStage<Void> assign(String serverId, String sessionId) {
    return CompletableFuture.failedFuture(new NodeUnreachableException("", REASON));
  }
}
