package dev.firn.election;

import dev.firn.model.EncodedProxy;

/** The group a replica is in, and its part in it. */
final class Group {
  private final ReplicaId self;
  private final boolean publishWhileElecting;
  private final Outputs outputs;
  private NodeState state = NodeState.INACTIVE;
  private ReplicaId coordinator;
  private GroupName name = new GroupName("");
  private EncodedProxy coordinatorProxy = EncodedProxy.NULL;
  private long generation = -1;
  private int max;
  private String lost = "";
  private long sinceMillis;
  private boolean readOpen;
  private boolean publishOpen;

  Group(ElectionConfig config, Outputs outputs) {
    this.self = config.self();
    this.publishWhileElecting = config.publishWhileElecting();
    this.outputs = outputs;
    this.coordinator = self;
  }

  NodeState state() {
    return state;
  }

  boolean is(NodeState expected) {
    return state == expected;
  }

  /** Whether this replica is the coordinator of a group that serves. */
  boolean leads() {
    return state == NodeState.NORMAL && isOwn();
  }

  /** Whether this replica serves in the group of another. */
  boolean follows() {
    return state == NodeState.NORMAL && !isOwn();
  }

  /** Whether it is this replica's own group, in any state. */
  boolean isOwn() {
    return coordinator.equals(self);
  }

  ReplicaId coordinator() {
    return coordinator;
  }

  GroupName name() {
    return name;
  }

  boolean isNamed(String other) {
    return name.text().equals(other);
  }

  /** The coordinator's topic manager; only while {@link #follows}. */
  EncodedProxy coordinatorProxy() {
    return coordinatorProxy;
  }

  /** Of a group that serves, else -1. */
  long generation() {
    return generation;
  }

  /** The size of the largest group this process knows of. */
  int max() {
    return max;
  }

  void sawMax(int other) {
    max = Math.max(max, other);
  }

  /** Since when the state lasts. */
  long sinceMillis() {
    return sinceMillis;
  }

  /** Whether this replica served in this group of another until it ended, and in none since. */
  boolean hasLost(String other) {
    return !lost.isEmpty() && lost.equals(other);
  }

  /** Into another group, the state stays. */
  void enter(ReplicaId itsCoordinator, GroupName itsName) {
    if (follows()) {
      lost = name.text();
    }
    coordinator = itsCoordinator;
    name = itsName;
    generation = -1;
  }

  void become(NodeState next, long nowMillis) {
    if (next != state) {
      outputs.election("transition from " + state.traceName() + " to " + next.traceName());
      state = next;
      sinceMillis = nowMillis;
      setGates(next == NodeState.NORMAL);
    }
  }

  /** The group serves from now on. */
  void serve(long itsGeneration, EncodedProxy itsCoordinatorProxy, long nowMillis) {
    generation = itsGeneration;
    lost = "";
    coordinatorProxy = itsCoordinatorProxy;
    become(NodeState.NORMAL, nowMillis);
  }

  private void setGates(boolean normal) {
    boolean publish = normal || (publishWhileElecting && publishOpen);
    if (readOpen != normal || publishOpen != publish) {
      readOpen = normal;
      publishOpen = publish;
      outputs.add(new Output.SetGates(readOpen, publishOpen));
    }
  }
}
