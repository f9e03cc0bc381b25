package dev.firn.cli;

import dev.firn.model.ApplicationInfo;
import dev.firn.model.ExpandedApplication;
import dev.firn.model.ExpandedNode;
import dev.firn.model.ExpandedServer;
import dev.firn.model.ReplicaGroupDescriptor;
import dev.firn.model.SortedNames;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** An application, as {@code application describe} prints it. */
final class ApplicationLayout {

  private ApplicationLayout() {}

  /**
   * Describes an application.
   *
   * @param expanded what is in {@code info}, its variables resolved
   */
  static String application(ApplicationInfo info, ExpandedApplication expanded, ZoneId zone) {
    var layout = new Layout();
    layout.block(
        "application `" + expanded.name() + "'",
        () -> {
          layout.value("uuid", info.uuid());
          layout.value("revision", Integer.toString(info.revision()));
          layout.value("creation time", time(info.createTimeMillis(), zone));
          layout.value("created by", info.createUser());
          layout.value("update time", time(info.updateTimeMillis(), zone));
          layout.value("updated by", info.updateUser());
          layout.valueIfSet("description", expanded.description());
          layout.valuesIfAny("variables", expanded.variables());
          expanded
              .propertySets()
              .forEach(
                  (id, set) ->
                      ServerLayout.propertySet(layout, "properties `" + id + "'", set, Set.of()));
          ServerLayout.distribution(layout, expanded.distrib());
          if (!expanded.replicaGroups().isEmpty()) {
            layout.block(
                "replica groups", () -> expanded.replicaGroups().forEach(g -> group(layout, g)));
          }
          layout.linesIfAny(
              "server templates", List.copyOf(info.descriptor().serverTemplates().keySet()));
          layout.linesIfAny(
              "service templates", List.copyOf(info.descriptor().serviceTemplates().keySet()));
          expanded.nodes().values().forEach(node -> node(layout, node));
        });
    return layout.toString();
  }

  static void node(Layout layout, ExpandedNode node) {
    layout.block(
        "node `" + node.name() + "'",
        () -> {
          layout.valueIfSet("load factor", node.loadFactor());
          layout.valueIfSet("description", node.description());
          layout.valuesIfAny("variables", node.variables());
          node.propertySets()
              .forEach(
                  (id, set) ->
                      ServerLayout.propertySet(layout, "properties `" + id + "'", set, Set.of()));
          List<String> servers = new ArrayList<>(ids(node.serverInstances()));
          servers.addAll(ids(node.servers()));
          layout.linesIfAny("servers", servers);
        });
  }

  private static void group(Layout layout, ReplicaGroupDescriptor group) {
    layout.line(
        "id = `" + group.id() + "' load balancing = `" + group.loadBalancing().type().text() + "'");
    layout.valueIfSet("proxy options", group.proxyOptions());
    layout.valueIfSet("filter", group.filter());
  }

  private static Set<String> ids(List<ExpandedServer> servers) {
    Set<String> ids = new TreeSet<>(SortedNames.ORDER);
    servers.forEach(server -> ids.add(server.id()));
    return ids;
  }

  private static String time(long millis, ZoneId zone) {
    return Formats.dateTime(millis * 1_000, zone);
  }
}
