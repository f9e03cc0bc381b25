package dev.firn.storm;

import dev.firn.election.Subscription;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicTables;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Where updates go and what readers see. Any thread; nothing here blocks unless it says so. */
interface TopicEngine {
  /** That of a replica which serves in none. */
  long NO_GROUP = -1;

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
   * The group of replicas that this one serves in: a number that no other group has, or {@link
   * #NO_GROUP}. Read without a lock, as often as wished.
   */
  long group();

  /**
   * Removes a subscriber that a delivery found to be gone for good; best effort. One that left
   * meanwhile is left alone, also if it came again.
   *
   * @param topic the topic's name
   * @param group the {@link #group} that the replica was in while it tried to deliver; in another
   *     one this has no effect
   */
  void reap(String topic, Subscription subscription, long group);

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
