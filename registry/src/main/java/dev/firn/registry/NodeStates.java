package dev.firn.registry;

import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.ServerDynamicInfo;

/** Takes what nodes with a session tell of their servers. One call at a time; only queues. */
interface NodeStates {
  void nodeUp(NodeDynamicInfo node);

  void nodeDown(String node);

  void updateServer(String node, ServerDynamicInfo server);

  void updateAdapter(String node, AdapterDynamicInfo adapter);

  /** Tells both, in this order. */
  static NodeStates both(NodeStates first, NodeStates second) {
    return new NodeStates() {
      @Override
      public void nodeUp(NodeDynamicInfo node) {
        first.nodeUp(node);
        second.nodeUp(node);
      }

      @Override
      public void nodeDown(String node) {
        first.nodeDown(node);
        second.nodeDown(node);
      }

      @Override
      public void updateServer(String node, ServerDynamicInfo server) {
        first.updateServer(node, server);
        second.updateServer(node, server);
      }

      @Override
      public void updateAdapter(String node, AdapterDynamicInfo adapter) {
        first.updateAdapter(node, adapter);
        second.updateAdapter(node, adapter);
      }
    };
  }
}
