package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * All topics of a replica at one moment, how far they have come and what the replica promised.
 * Immutable: a change makes a new instance that shares what did not change.
 */
public final class TopicTables implements ReplicatedState {
  public static final TopicTables EMPTY = new TopicTables(TreePMap.empty(), LogPosition.ZERO, 0);

  private final TreePMap<String, Topic> topics;
  private final LogPosition position;
  private final long promise;

  private TopicTables(TreePMap<String, Topic> topics, LogPosition position, long promise) {
    this.topics = topics;
    this.position = position;
    this.promise = promise;
  }

  /** The topic of this name, or null. */
  public @Nullable Topic find(String name) {
    return topics.get(name);
  }

  /** In the order of their names. */
  public Collection<Topic> topics() {
    return Collections.unmodifiableCollection(topics.values());
  }

  @Override
  public LogPosition position() {
    return position;
  }

  @Override
  public long promise() {
    return promise;
  }

  @Override
  public TopicTables with(List<? extends StateChange> changes) {
    TopicTables result = this;
    for (StateChange change : changes) {
      result = result.with(change);
    }
    return result;
  }

  /**
   * @throws IllegalStateException if a subscriber's topic is not there: a caller's bug
   */
  public TopicTables with(StateChange change) {
    if (change instanceof TopicChange.PutTopic put) {
      return withTopics(topics.plus(Topic.nameOf(put.topic()), Topic.of(put.topic())));
    } else if (change instanceof TopicChange.DeleteTopic delete) {
      return withTopics(topics.minus(Topic.nameOf(delete.topic())));
    } else if (change instanceof TopicChange.PutSubscriber put) {
      return withTopic(existing(put.topic()).plus(put.subscriber()));
    } else if (change instanceof TopicChange.DeleteSubscriber delete) {
      return withTopic(existing(delete.topic()).minus(delete.subscriber()));
    } else if (change instanceof TopicChange.Clear) {
      return withTopics(TreePMap.empty());
    } else if (change instanceof StateChange.SetPosition set) {
      return new TopicTables(topics, set.position(), promise);
    } else if (change instanceof StateChange.SetPromise set) {
      return new TopicTables(topics, position, set.generation());
    }
    throw new IllegalStateException("unknown change " + change);
  }

  @Override
  public TopicCommand.Result apply(StateCommand command) {
    return ((TopicCommand) command).applyTo(this, TopicCommand.KEY_SIZE_MAX);
  }

  /** A subscriber that is there already is replaced: ZeroC's coordinator may repeat one. */
  @Override
  public TopicCommand.Result follow(StateCommand command) {
    TopicCommand decided = (TopicCommand) command;
    TopicCommand.Result result = decided.applyTo(this, Integer.MAX_VALUE);
    Topic topic = find(decided.topic());
    if (result instanceof TopicCommand.Result.Rejected
        && decided instanceof TopicCommand.AddSubscriber add
        && topic != null) {
      return new TopicCommand.Result.Applied(
          List.of(new TopicChange.PutSubscriber(topic.id(), add.subscriber())));
    }
    return result;
  }

  @Override
  public List<TopicContent> content() {
    return TopicDiff.contentOf(this);
  }

  @Override
  public List<StateChange> changesTo(List<? extends StateContent> content) {
    return TopicDiff.between(this, TopicContent.all(content));
  }

  private Topic existing(ObjectId id) {
    Topic topic = topics.get(Topic.nameOf(id));
    if (topic == null) {
      throw new IllegalStateException("no topic " + id);
    }
    return topic;
  }

  private TopicTables withTopic(Topic topic) {
    return withTopics(topics.plus(topic.name(), topic));
  }

  private TopicTables withTopics(TreePMap<String, Topic> changed) {
    return new TopicTables(changed, position, promise);
  }

  /** Whether both have the same topics, subscribers and links, whatever their positions. */
  public boolean sameTopics(TopicTables other) {
    return topics.equals(other.topics);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof TopicTables tables
        && position.equals(tables.position)
        && promise == tables.promise
        && topics.equals(tables.topics);
  }

  @Override
  public int hashCode() {
    return position.hashCode();
  }

  @Override
  public String toString() {
    return position + " promise " + promise + " " + topics.values();
  }
}
