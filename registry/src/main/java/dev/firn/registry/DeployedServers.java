package dev.firn.registry;

import dev.firn.model.ApplicationInfo;
import dev.firn.model.UpdatePlan;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The servers of all applications, on their way to the nodes. Nothing here blocks. */
interface DeployedServers {
  /**
   * Asks the nodes of changed servers whether an update is possible. Any thread.
   *
   * @param plan what would change
   * @param after the application as it would be
   * @param noRestart whether no running server may have to be stopped
   * @return never fails
   */
  CompletionStage<UpdateCheck> check(UpdatePlan plan, ApplicationInfo after, boolean noRestart);

  /**
   * The servers of an application are told not to restart when the change to this revision becomes
   * visible. Any thread, before the change is submitted.
   *
   * @param revision 0 if the change is not made after all
   */
  void withoutRestart(String application, String uuid, int revision);

  /**
   * Waits for the nodes. Any thread, after the change has become visible.
   *
   * @return ends when no request to a node is under way for any of these servers any more; why
   *     nodes refused, in the order of the servers, empty if none did. A node that cannot be
   *     reached refuses nothing. Never fails.
   */
  CompletionStage<List<String>> synchronised(Collection<String> serverIds);

  /**
   * A server now belongs to a session, or to none; it is loaded on its node anew. Any thread, one
   * call at a time for each server.
   *
   * @param sessionId empty for none; kept over updates of the application
   * @return ends when the node has loaded the server with it; at once if the server is unknown or
   *     not activated by sessions. Fails with NodeUnreachableException or DeploymentException.
   */
  CompletionStage<Void> assign(String serverId, String sessionId);
}
