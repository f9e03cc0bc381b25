package dev.firn.node;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;

/** What the parts of a node share. Any thread. */
interface NodeContext {
  Communicator communicator();

  /** The adapter {@code IceGrid.Node}, of which all proxies for registries are made. */
  ObjectAdapter adapter();

  NodeSettings settings();

  NodeTraces traces();

  ProcessLauncher launcher();

  FileDirectories directories();

  Accounts accounts();

  MasterSession master();

  /** Where servers and adapters report every change; it tells all registries in order. */
  NodeStates states();
}
