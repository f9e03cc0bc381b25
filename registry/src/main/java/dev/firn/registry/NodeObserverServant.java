package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.IceGrid.AdapterDynamicInfo;
import com.zeroc.IceGrid.NodeDynamicInfo;
import com.zeroc.IceGrid.NodeObserver;
import com.zeroc.IceGrid.ServerDynamicInfo;

/**
 * What a node tells of its servers, during one session: what comes late, from a session that has
 * ended, finds nobody. Any thread.
 */
final class NodeObserverServant implements NodeObserver {
  private final NodeSessionServant session;

  NodeObserverServant(NodeSessionServant session) {
    this.session = session;
  }

  @Override
  public void nodeUp(NodeDynamicInfo node, Current current) {
    if (node.info.name.equals(session.name())) {
      session.tell(states -> states.nodeUp(node));
    }
  }

  @Override
  public void updateServer(String node, ServerDynamicInfo server, Current current) {
    if (node.equals(session.name())) {
      session.tell(states -> states.updateServer(node, server));
    }
  }

  @Override
  public void updateAdapter(String node, AdapterDynamicInfo adapter, Current current) {
    if (node.equals(session.name())) {
      session.tell(states -> states.updateAdapter(node, adapter));
    }
  }

  @Override
  public void nodeInit(NodeDynamicInfo[] nodes, Current current) {
    // Nodes speak for themselves only.
  }

  @Override
  public void nodeDown(String name, Current current) {
    // That is for the session to say.
  }
}
