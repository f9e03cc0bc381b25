package dev.firn.election;

import dev.firn.model.ObjectId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * A change of the topics. Every change there is, is one of these, applied in one order by {@link
 * #applyTo}, the same way on every replica. Topics are named as on the wire.
 */
public sealed interface TopicCommand extends StateCommand {
  /** The longest key of the database, bytes; also in groups with ZeroC's replicas. */
  int KEY_SIZE_MAX = 511;

  /** The name of the topic concerned. */
  String topic();

  /**
   * Validates and computes; changes nothing itself. The changes do not contain the new position:
   * whoever orders the commands adds it.
   *
   * @param keySizeMax {@link #KEY_SIZE_MAX}, or more where nothing is stored
   */
  Result applyTo(TopicTables tables, int keySizeMax);

  /** What became of a command. */
  sealed interface Result extends StateResult {
    /** Valid; {@code changes} is empty if there is nothing to change. */
    record Applied(List<TopicChange> changes) implements Result {
      public Applied {
        changes = List.copyOf(changes);
      }

      @Override
      public Optional<String> refusal() {
        return Optional.empty();
      }
    }

    record Rejected(Rejection rejection) implements Result {
      @Override
      public List<TopicChange> changes() {
        return List.of();
      }

      @Override
      public Optional<String> refusal() {
        return Optional.of(rejection.text());
      }
    }
  }

  /** Why a command is not carried out. */
  enum Reason {
    TOPIC_EXISTS,
    NO_SUCH_TOPIC,
    ALREADY_SUBSCRIBED,
    LINK_EXISTS,
    NO_SUCH_LINK,
    KEY_TOO_LONG
  }

  /**
   * @param name what it is about: a topic's name or an identity
   */
  record Rejection(Reason reason, String name) {
    private String text() {
      return switch (reason) {
        case TOPIC_EXISTS -> "topic exists: " + name;
        case NO_SUCH_TOPIC -> "no topic: " + name;
        case ALREADY_SUBSCRIBED -> "already subscribed: " + name;
        case LINK_EXISTS -> "link exists: " + name;
        case NO_SUCH_LINK -> "no link: " + name;
        case KEY_TOO_LONG -> "key too long: " + name;
      };
    }
  }

  record CreateTopic(ObjectId id) implements TopicCommand {
    @Override
    public String operation() {
      return "ReplicaObserverI::create";
    }

    @Override
    public String topic() {
      return Topic.nameOf(id);
    }

    @Override
    public Result applyTo(TopicTables tables, int keySizeMax) {
      if (tables.find(topic()) != null) {
        return rejected(Reason.TOPIC_EXISTS, topic());
      }
      if (keySize(id, new ObjectId("", "")) > keySizeMax) {
        return rejected(Reason.KEY_TOO_LONG, topic());
      }
      return new Result.Applied(List.of(new TopicChange.PutTopic(id)));
    }
  }

  record DestroyTopic(String topic) implements TopicCommand {
    @Override
    public String operation() {
      return "ReplicaObserverI::destroy";
    }

    @Override
    public Result applyTo(TopicTables tables, int keySizeMax) {
      Topic existing = tables.find(topic);
      return existing == null
          ? rejected(Reason.NO_SUCH_TOPIC, topic)
          : new Result.Applied(List.of(new TopicChange.DeleteTopic(existing.id())));
    }
  }

  /** Subscribes or links. */
  record AddSubscriber(String topic, SubscriberRecord subscriber) implements TopicCommand {
    @Override
    public String operation() {
      return "ReplicaObserverI::add";
    }

    @Override
    public Result applyTo(TopicTables tables, int keySizeMax) {
      Topic existing = tables.find(topic);
      if (existing == null) {
        return rejected(Reason.NO_SUCH_TOPIC, topic);
      }
      if (existing.findSubscriber(subscriber.id()) != null) {
        return subscriber.link()
            ? rejected(Reason.LINK_EXISTS, Topic.nameOf(subscriber.id()))
            : rejected(Reason.ALREADY_SUBSCRIBED, subscriber.id().toString());
      }
      if (keySize(existing.id(), subscriber.id()) > keySizeMax) {
        return rejected(Reason.KEY_TOO_LONG, subscriber.id().toString());
      }
      return new Result.Applied(List.of(new TopicChange.PutSubscriber(existing.id(), subscriber)));
    }
  }

  /** Unsubscribes or reaps; ids that are not there are skipped. */
  record RemoveSubscribers(String topic, List<ObjectId> ids) implements TopicCommand {
    @Override
    public String operation() {
      return "ReplicaObserverI::remove";
    }

    public RemoveSubscribers {
      ids = List.copyOf(ids);
    }

    @Override
    public Result applyTo(TopicTables tables, int keySizeMax) {
      Topic existing = tables.find(topic);
      if (existing == null) {
        return rejected(Reason.NO_SUCH_TOPIC, topic);
      }
      List<TopicChange> changes = new ArrayList<>();
      for (ObjectId id : new LinkedHashSet<>(ids)) {
        if (existing.findSubscriber(id) != null) {
          changes.add(new TopicChange.DeleteSubscriber(existing.id(), id));
        }
      }
      return new Result.Applied(changes);
    }
  }

  /** Removes a link, which must be there. */
  record Unlink(String topic, ObjectId linkedTopic) implements TopicCommand {
    @Override
    public String operation() {
      return "ReplicaObserverI::remove";
    }

    /** There is no operation for it: a link is a subscriber. */
    @Override
    public StateCommand forMembers() {
      return new RemoveSubscribers(topic, List.of(linkedTopic));
    }

    @Override
    public Result applyTo(TopicTables tables, int keySizeMax) {
      Topic existing = tables.find(topic);
      if (existing == null) {
        return rejected(Reason.NO_SUCH_TOPIC, topic);
      }
      Optional<SubscriberRecord> record =
          Optional.ofNullable(existing.findSubscriber(linkedTopic)).filter(SubscriberRecord::link);
      return record.isEmpty()
          ? rejected(Reason.NO_SUCH_LINK, Topic.nameOf(linkedTopic))
          : new Result.Applied(
              List.of(new TopicChange.DeleteSubscriber(existing.id(), linkedTopic)));
    }
  }

  private static Result rejected(Reason reason, String name) {
    return new Result.Rejected(new Rejection(reason, name));
  }

  /** The size of the two identities in Ice's encoding. */
  private static int keySize(ObjectId topic, ObjectId subscriber) {
    return TopicKeys.sizeOf(topic) + TopicKeys.sizeOf(subscriber);
  }
}
