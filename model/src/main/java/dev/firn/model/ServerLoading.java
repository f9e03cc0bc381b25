package dev.firn.model;

import java.util.SortedMap;

/** Turns expanded servers into what a node gets: what depends on the node is resolved here. */
public final class ServerLoading {
  private ServerLoading() {}

  /**
   * Resolves what depends on the node, and escapes.
   *
   * @param sessionId of the session that has allocated the server; empty if none has: then {@code
   *     ${session.id}} stays as it is
   * @throws DescriptorException if a value cannot be resolved, as when the node does not say its
   *     host name; nodes are then sent the server as it is
   */
  public static ServerDescriptor resolve(
      ExpandedServer server, String application, NodeVariables node, String sessionId)
      throws DescriptorException {
    if (!Placeholders.in(server.descriptor())) {
      // What the first pass has left without names, a second one would leave as it is.
      return server.descriptor();
    }
    ServerExpansion expansion = new ServerExpansion(SortedNames.empty(), SortedNames.empty());
    return expansion.server(
        server.descriptor(), scope(application, server.node(), node, sessionId));
  }

  /** Resolves an application's distribution for one of its nodes. */
  public static DistributionDescriptor resolve(
      DistributionDescriptor distrib, String application, NodeVariables node)
      throws DescriptorException {
    return ServerExpansion.distribution(distrib, scope(application, node.name(), node, ""));
  }

  private static Scope scope(
      String application, String nodeName, NodeVariables node, String sessionId) {
    SortedMap<String, String> reserved = node.toReserved();
    reserved.put("node", nodeName);
    reserved.put("application", application);
    reserved.put("session.id", sessionId);
    return Scope.ofLoading(
        reserved, sessionId.isEmpty(), new ExpansionBudget(ExpansionLimits.DEFAULT));
  }
}
