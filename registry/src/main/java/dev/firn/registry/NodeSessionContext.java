package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.IceGrid.InternalRegistryPrx;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** What the sessions of nodes need of the registry around them. Any thread; nothing blocks. */
interface NodeSessionContext {
  Communicator communicator();

  Traces traces();

  RegistryNames names();

  /** Where sessions and their observers live. */
  ObjectAdapter internalAdapter();

  Reaper reaper();

  ClosedConnections connections();

  /** Makes calls; never waits for an answer. */
  Executor executor();

  /** Seconds of silence after which a session ends; 0: never. */
  int timeoutSeconds();

  boolean requireCertificate();

  /** Takes what nodes tell of their servers, from the tasks of {@link #news} only. */
  NodeStates states();

  /** What nodes tell, and that they are gone, in the order in which it came: one for all nodes. */
  SerialQueue news();

  /**
   * The ids of the servers that are deployed on a node, ascending.
   *
   * @throws com.zeroc.Ice.UnknownException while that is not known for certain
   */
  List<String> serversOf(String node);

  /** Has every server of a node loaded anew. */
  void loadServers(String node);

  /** Waits for the slaves to have this revision of an application. */
  CompletionStage<Void> replicated(String uuid, int revision);

  /** The connected slaves. */
  List<InternalRegistryPrx> slaves();

  void save(ObjectEntry node);

  void forget(ObjectId node);

  /** A node's session began. In the order of events, with {@link #nodeLost}. */
  void nodeUp(String node);

  /** A node's session ended. */
  void nodeLost(String node);
}
