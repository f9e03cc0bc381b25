package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicTables;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.TopicContent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The storm's types on the wire from and to the records of {@link dev.firn.election}. */
public final class StormMapping {
  private StormMapping() {}

  /**
   * Lets a communicator of these properties recognise the exceptions of module IceStormElection,
   * which otherwise arrive as UnknownUserException. May be set before or after it is made.
   */
  public static void recogniseExceptions(Properties properties) {
    properties.setProperty("Ice.Package.IceStormElection", "dev.firn.wire");
  }

  public static LogPosition position(LogUpdate update) {
    return new LogPosition(update.generation, update.iteration);
  }

  public static LogUpdate logUpdate(LogPosition position) {
    return new LogUpdate(position.generation(), position.iteration());
  }

  public static List<ObjectId> objectIds(Identity[] identities) {
    List<ObjectId> ids = new ArrayList<>(identities.length);
    for (Identity identity : identities) {
      ids.add(Mapping.objectId(identity));
    }
    return ids;
  }

  public static Identity[] identities(Collection<ObjectId> ids) {
    return ids.stream().map(Mapping::identity).toArray(Identity[]::new);
  }

  /** A proxy as it is stored: nothing of it is lost. */
  public static EncodedProxy encode(@Nullable ObjectPrx proxy) {
    return proxy == null ? EncodedProxy.NULL : Mapping.encode(proxy.ice_getCommunicator(), proxy);
  }

  public static SubscriberRecord record(com.zeroc.IceStorm.SubscriberRecord record) {
    return new SubscriberRecord(
        record.topicName,
        Mapping.objectId(record.id),
        record.link,
        encode(record.obj),
        new TreeMap<>(record.theQoS),
        record.cost,
        encode(record.theTopic));
  }

  public static com.zeroc.IceStorm.SubscriberRecord record(
      Communicator communicator, SubscriberRecord record) {
    return new com.zeroc.IceStorm.SubscriberRecord(
        record.topicName(),
        Mapping.identity(record.id()),
        record.link(),
        Mapping.decode(communicator, record.proxy()),
        new TreeMap<>(record.qos()),
        record.cost(),
        TopicPrx.uncheckedCast(Mapping.decode(communicator, record.linkedTopic())));
  }

  public static TopicContent content(Communicator communicator, Topic topic) {
    return new TopicContent(
        Mapping.identity(topic.id()),
        topic.subscribers().stream()
            .map(subscriber -> record(communicator, subscriber))
            .toArray(com.zeroc.IceStorm.SubscriberRecord[]::new));
  }

  /** All topics, in the order of their names. */
  public static TopicContent[] contents(Communicator communicator, TopicTables tables) {
    return tables.topics().stream()
        .map(topic -> content(communicator, topic))
        .toArray(TopicContent[]::new);
  }

  /** What makes these topics of none. */
  public static List<StateChange> changes(TopicContent[] contents) {
    List<StateChange> changes = new ArrayList<>();
    for (TopicContent content : contents) {
      ObjectId topic = Mapping.objectId(content.id);
      changes.add(new TopicChange.PutTopic(topic));
      for (com.zeroc.IceStorm.SubscriberRecord record : content.records) {
        changes.add(new TopicChange.PutSubscriber(topic, record(record)));
      }
    }
    return changes;
  }

  /** The tables of a replica whose content this is; it has promised nothing. */
  public static TopicTables tables(LogUpdate update, TopicContent[] contents) {
    return TopicTables.EMPTY
        .with(changes(contents))
        .with(new StateChange.SetPosition(position(update)));
  }
}
