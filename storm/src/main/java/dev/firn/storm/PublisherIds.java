package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import dev.firn.election.Topic;
import dev.firn.model.ObjectId;
import dev.firn.wire.Mapping;

/** The identities of the objects that events are sent to. */
final class PublisherIds {
  private PublisherIds() {}

  static Identity publisher(ObjectId topic) {
    return ofTopic(topic, "publish");
  }

  static Identity link(ObjectId topic) {
    return ofTopic(topic, "link");
  }

  /** The publisher that reaches one subscriber only. */
  static Identity perSubscriber(
      Communicator communicator, String instanceName, ObjectId topic, ObjectId subscriber) {
    String category = topic.category().isEmpty() ? instanceName : topic.category();
    String subscriberText = communicator.identityToString(Mapping.identity(subscriber));
    return new Identity("topic." + Topic.nameOf(topic) + ".publish." + subscriberText, category);
  }

  /** Topics of releases before 3.2 have no category; theirs is the category of their objects. */
  private static Identity ofTopic(ObjectId topic, String suffix) {
    return topic.category().isEmpty()
        ? new Identity(suffix, topic.name())
        : new Identity(Topic.nameOf(topic) + "." + suffix, topic.category());
  }
}
