package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.IceStorm.TopicLinkPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import dev.firn.wire.Mapping;
import org.jspecify.annotations.Nullable;

/**
 * The proxies that a service hands out, all made from a few by changing the identity. Any thread.
 *
 * <p>With adapter ids they are indirect. Otherwise they carry the endpoints of all replicas where
 * those are configured, and this replica's where not, or where a proxy is to stay with it.
 */
final class StormProxies {
  private static final String MANAGER = "TopicManager";

  private final String instanceName;
  private final ObjectPrx topics;
  private final ObjectPrx publishers;
  private final ObjectPrx ownPublishers;
  private final TopicManagerPrx manager;
  private final TopicManagerPrx replicatedManager;

  StormProxies(
      Communicator communicator,
      StormSettings settings,
      ObjectAdapter topicManagerAdapter,
      ObjectAdapter publishAdapter) {
    instanceName = settings.instanceName();
    Identity id = new Identity(MANAGER, instanceName);
    ObjectPrx own = topicManagerAdapter.createProxy(id);
    String replicatedTopics = text(settings, StormProperty.REPLICATED_TOPIC_MANAGER_ENDPOINTS);
    ObjectPrx replicated =
        replicatedTopics.isEmpty() ? own : direct(communicator, id, replicatedTopics);
    manager = TopicManagerPrx.uncheckedCast(own);
    replicatedManager = TopicManagerPrx.uncheckedCast(replicated);
    topics = replicated;
    String replicatedPublishers = text(settings, StormProperty.REPLICATED_PUBLISH_ENDPOINTS);
    ObjectPrx published = publishAdapter.createProxy(id);
    publishers =
        replicatedPublishers.isEmpty() ? published : direct(communicator, id, replicatedPublishers);
    // As in published endpoints, but of this replica alone even where they name a replica group.
    ownPublishers =
        published.ice_getAdapterId().isEmpty()
            ? publishAdapter.createDirectProxy(id)
            : publishAdapter.createIndirectProxy(id);
  }

  /** Empty where it has no effect: with adapter ids, and where nothing is replicated. */
  private static String text(StormSettings settings, StormProperty property) {
    return settings.isTransient() || !settings.own("TopicManager.AdapterId").isEmpty()
        ? ""
        : settings.text(property);
  }

  private static ObjectPrx direct(Communicator communicator, Identity id, String endpoints) {
    ObjectPrx proxy =
        communicator.stringToProxy(communicator.identityToString(id) + ":" + endpoints);
    if (proxy == null) {
      throw new IllegalStateException("no proxy for endpoints \"" + endpoints + "\"");
    }
    return proxy;
  }

  /** The manager of this replica, with the replica group's id if it has one. */
  TopicManagerPrx manager() {
    return manager;
  }

  /** The manager of all replicas, as far as they are configured. */
  TopicManagerPrx replicatedManager() {
    return replicatedManager;
  }

  TopicPrx topic(ObjectId topic) {
    return TopicPrx.uncheckedCast(topics.ice_identity(Mapping.identity(topic)));
  }

  ObjectPrx publisher(ObjectId topic) {
    return publishers.ice_identity(PublisherIds.publisher(topic));
  }

  ObjectPrx ownPublisher(ObjectId topic) {
    return ownPublishers.ice_identity(PublisherIds.publisher(topic));
  }

  TopicLinkPrx link(ObjectId topic) {
    return TopicLinkPrx.uncheckedCast(publishers.ice_identity(PublisherIds.link(topic)));
  }

  /** The publisher whose events only this subscriber gets. */
  ObjectPrx subscriberPublisher(ObjectId topic, ObjectId subscriber) {
    return publishers.ice_identity(
        PublisherIds.perSubscriber(
            publishers.ice_getCommunicator(), instanceName, topic, subscriber));
  }

  /** A stored proxy, null for the null proxy. */
  @Nullable ObjectPrx decode(EncodedProxy proxy) {
    return Mapping.decode(publishers.ice_getCommunicator(), proxy);
  }
}
