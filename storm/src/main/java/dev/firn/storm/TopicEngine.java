package dev.firn.storm;

import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where updates go and what readers see. Any thread; nothing here blocks unless it says so. */
interface TopicEngine {
  /**
   * Starts, once. Until then {@link #submit} must not be called.
   *
   * @param listener gets the present tables before this returns, then on the engine's thread all
   *     new ones, each before the update that made it is acknowledged; must not block
   */
  void start(Consumer<TopicTables> listener);

  /** What readers see: the tables after the last update that is visible. */
  TopicTables tables();

  /**
   * Carries out an update here or at the coordinator, once there is one.
   *
   * @return completes on any thread when the update is acknowledged or rejected; fails only with
   *     {@link UnknownOutcomeException} or an Ice exception that the coordinator answered with
   */
  CompletableFuture<TopicCommand.Result> submit(TopicCommand command);

  /** What reads of the topics wait for: a group in normal state. */
  Gate readGate();

  /** What events wait for; open also during an election, if so configured. */
  Gate publishGate();

  /**
   * Removes subscribers that a delivery found to be gone for good; best effort.
   *
   * @param topic the topic's name
   */
  void reap(String topic, List<ObjectId> subscribers);

  /**
   * A peer's delivery found subscribers to be gone for good.
   *
   * @return as for {@link #submit}; fails with {@link ReapRefusedException}, instead of waiting,
   *     where this replica cannot carry out updates now
   */
  CompletableFuture<TopicCommand.Result> reapForPeer(String topic, List<ObjectId> subscribers);

  /**
   * Stops: whoever waits is refused, no update is carried out any more. Blocks until the update
   * under way is stored; may be called twice, and without start.
   */
  void shutdown();
}
