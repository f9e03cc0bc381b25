package dev.firn.cli;

import dev.firn.model.ApplicationChanges;
import dev.firn.model.ApplicationChanges.Names;
import dev.firn.model.ApplicationChanges.NodeChanges;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ReplicaGroupDescriptor;
import dev.firn.model.UpdatePlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an update changes, as {@code application diff} prints it. */
final class DiffLayout {

  private final Layout layout = new Layout();

  private DiffLayout() {}

  /** What changes in the application's definition. */
  static String definition(
      ApplicationChanges changes, ExpandedApplication before, ExpandedApplication after) {
    var diff = new DiffLayout();
    diff.layout.block(
        "application `" + after.name() + "'", () -> diff.application(changes, before, after));
    return diff.layout.toString();
  }

  /**
   * What changes for its servers. There are but four ways to say it, which scripts look for: what
   * is not certain to go without a restart, is said to require one.
   */
  static String servers(String application, UpdatePlan plan) {
    var layout = new Layout();
    layout.block(
        "application `" + application + "'",
        () -> {
          for (UpdatePlan.ServerChange change : plan.changes()) {
            String effect =
                switch (change.effect()) {
                  case ADDED -> "added";
                  case REMOVED -> "removed";
                  case PROPERTIES_UPDATED -> "properties updated (no restart required)";
                  case MOVED, RESTARTED, DESCRIPTION_UPDATED -> "updated (restart required)";
                };
            layout.line("server `" + change.server() + "': " + effect);
          }
        });
    return layout.toString();
  }

  private void application(
      ApplicationChanges changes, ExpandedApplication before, ExpandedApplication after) {
    updated("variables", changes.variables());
    updated("distribution", changes.distribution());
    updated("property sets", changes.propertySets());
    Names groups = changes.replicaGroups();
    if (!groups.isEmpty()) {
      layout.block(
          "replica groups",
          () -> {
            // As in the files, where their order may matter to whom reads it.
            each("replica group", inOrder(after.replicaGroups(), groups.updated()), "updated");
            each("replica group", inOrder(after.replicaGroups(), groups.added()), "added");
            each("replica group", inOrder(before.replicaGroups(), groups.removed()), "removed");
          });
    }
    templates("server template", changes.serverTemplates());
    templates("service template", changes.serviceTemplates());
    if (!changes.nodesAdded().isEmpty()
        || !changes.nodesUpdated().isEmpty()
        || !changes.nodesRemoved().isEmpty()) {
      layout.block("nodes", () -> nodes(changes, before, after));
    }
  }

  private void nodes(
      ApplicationChanges changes, ExpandedApplication before, ExpandedApplication after) {
    after.nodes().values().stream()
        .filter(node -> changes.nodesAdded().contains(node.name()))
        .forEach(node -> ApplicationLayout.node(layout, node));
    changes
        .nodesUpdated()
        .forEach(
            (name, node) -> layout.block("node `" + name + "' updated", () -> node(node, before)));
    each("node", changes.nodesRemoved(), "removed");
  }

  private void node(NodeChanges node, ExpandedApplication before) {
    updated("load factor", node.loadFactor());
    updated("description", node.description());
    updated("property sets", node.propertySets());
    updated("variables", node.variables());
    if (!node.servers().isEmpty()) {
      // Those made from templates go first.
      List<String> removed = new ArrayList<>(node.servers().removed());
      removed.sort(Comparator.comparing(id -> !isInstance(before.servers().get(id))));
      layout.block(
          "servers",
          () ->
              names(
                  "server", new Names(node.servers().added(), node.servers().updated(), removed)));
    }
  }

  private static boolean isInstance(@Nullable ExpandedServer server) {
    return server != null && server.template().isPresent();
  }

  private void templates(String kind, Names names) {
    if (!names.isEmpty()) {
      layout.block(kind + "s", () -> names(kind, names));
    }
  }

  private void names(String kind, Names names) {
    each(kind, names.added(), "added");
    each(kind, names.updated(), "updated");
    each(kind, names.removed(), "removed");
  }

  private void each(String kind, List<String> names, String change) {
    names.forEach(name -> layout.line(kind + " `" + name + "' " + change));
  }

  private void updated(String what, boolean updated) {
    if (updated) {
      layout.line(what + " updated");
    }
  }

  private static List<String> inOrder(List<ReplicaGroupDescriptor> groups, List<String> ids) {
    return groups.stream().map(ReplicaGroupDescriptor::id).filter(ids::contains).toList();
  }
}
