package dev.firn.registry;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;
import com.zeroc.IceGrid.ServerState;
import java.util.ArrayList;
import java.util.SortedMap;
import java.util.TreeMap;

/** What nodes said last, for observers that come later. One thread at a time. */
final class NodeTable {
  private record Row(
      NodeInfo info,
      SortedMap<String, ServerDynamicInfo> servers,
      SortedMap<String, AdapterDynamicInfo> adapters) {}

  private final SortedMap<String, Row> rows = new TreeMap<>();

  void up(NodeDynamicInfo node) {
    Row row = new Row(node.info, new TreeMap<>(), new TreeMap<>());
    node.servers.forEach(server -> row.servers().put(server.id, server));
    node.adapters.forEach(adapter -> row.adapters().put(adapter.id, adapter));
    rows.put(node.info.name, row);
  }

  /**
   * @return false if it was not up
   */
  boolean down(String node) {
    return rows.remove(node) != null;
  }

  /**
   * @return false if the node is not up
   */
  boolean update(String node, ServerDynamicInfo server) {
    Row row = rows.get(node);
    if (row == null) {
      return false;
    }
    boolean nothingToSay = server.state == ServerState.Inactive && server.enabled;
    if (nothingToSay || server.state == ServerState.Destroyed) {
      row.servers().remove(server.id);
    } else {
      row.servers().put(server.id, server);
    }
    return true;
  }

  /**
   * @return false if the node is not up
   */
  boolean update(String node, AdapterDynamicInfo adapter) {
    Row row = rows.get(node);
    if (row == null) {
      return false;
    }
    if (adapter.proxy == null) {
      row.adapters().remove(adapter.id);
    } else {
      row.adapters().put(adapter.id, adapter);
    }
    return true;
  }

  NodeDynamicInfo[] all() {
    return rows.values().stream()
        .map(
            row ->
                new NodeDynamicInfo(
                    row.info(),
                    new ArrayList<>(row.servers().values()),
                    new ArrayList<>(row.adapters().values())))
        .toArray(NodeDynamicInfo[]::new);
  }
}
