package dev.firn.storm;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UserException;
import com.zeroc.IceInternal.Incoming;
import com.zeroc.IceStorm.AlreadySubscribed;
import com.zeroc.IceStorm.BadQoS;
import com.zeroc.IceStorm.InvalidSubscriber;
import com.zeroc.IceStorm.LinkExists;
import com.zeroc.IceStorm.LinkInfo;
import com.zeroc.IceStorm.NoSuchLink;
import com.zeroc.IceStorm.TopicInternalPrx;
import com.zeroc.IceStorm.TopicLinkPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicCommand.Reason;
import dev.firn.model.ObjectId;
import dev.firn.wire.AmdTopic;
import dev.firn.wire.Mapping;
import dev.firn.wire.StormMapping;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All topics: a default servant, so that a topic costs no object here. The identity of a request
 * names the topic, which exists as long as it is in the engine's tables under that identity.
 *
 * <p>Everything but {@code getSubscribers} waits until the replicas agree, without a thread.
 */
final class TopicServant implements AmdTopic {
  private static final int LINK_TIMEOUT_MILLIS = 60_000;
  private static final String NULL_SUBSCRIBER = "subscriber is a null proxy";

  private final TopicEngine engine;
  private final StormProxies proxies;
  private final TopicTraces traces;
  private final WaitingRequests waiting = new WaitingRequests();

  TopicServant(TopicEngine engine, StormProxies proxies, TopicTraces traces) {
    this.engine = engine;
    this.proxies = proxies;
    this.traces = traces;
  }

  @Override
  public CompletionStage<OutputStream> _iceDispatch(Incoming request, Current current)
      throws UserException {
    boolean exists = find(Mapping.objectId(current.id)) != null;
    if (!exists && (engine.readGate().isOpen() || isPing(current))) {
      throw new ObjectNotExistException(current.id, current.facet, current.operation);
    } else if (!current.facet.isEmpty()) {
      throw new FacetNotExistException(current.id, current.facet, current.operation);
    }
    return AmdTopic.super._iceDispatch(request, current);
  }

  @Override
  public CompletionStage<String> getNameAsync(Current current) {
    return read(current, Topic::name);
  }

  @Override
  public CompletionStage<ObjectPrx> getPublisherAsync(Current current) {
    return read(current, topic -> proxies.publisher(topic.id()));
  }

  @Override
  public CompletionStage<ObjectPrx> getNonReplicatedPublisherAsync(Current current) {
    return read(current, topic -> proxies.ownPublisher(topic.id()));
  }

  @Override
  public CompletionStage<TopicLinkPrx> getLinkProxyAsync(Current current) {
    return read(current, topic -> proxies.link(topic.id()));
  }

  @Override
  public CompletionStage<LinkInfo[]> getLinkInfoSeqAsync(Current current) {
    return read(
        current,
        topic ->
            topic.subscribers().stream()
                .filter(SubscriberRecord::link)
                .map(this::linkInfo)
                .toArray(LinkInfo[]::new));
  }

  @Override
  public CompletionStage<Identity[]> getSubscribersAsync(Current current) {
    Topic topic = existing(Mapping.objectId(current.id), current.operation);
    return CompletableFuture.completedFuture(
        StormMapping.identities(topic.subscribers().stream().map(SubscriberRecord::id).toList()));
  }

  @Override
  public CompletionStage<ObjectPrx> subscribeAndGetPublisherAsync(
      Map<String, String> qos, @Nullable ObjectPrx subscriber, Current current)
      throws InvalidSubscriber {
    ObjectId topicId = Mapping.objectId(current.id);
    if (subscriber == null) {
      traces.nullSubscriber(topicId, "subscribeAndGetPublisher");
      throw new InvalidSubscriber(NULL_SUBSCRIBER);
    }
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    return update(
        topicId,
        current.operation,
        topic -> {
          traces.subscribe(topic, subscriber, qos);
          checkQos(topic, id, subscriber, qos);
          SubscriberRecord record =
              SubscriberRecord.subscriber(
                  topic.name(), id, StormMapping.encode(subscriber), new TreeMap<>(qos));
          return new TopicCommand.AddSubscriber(topic.name(), record);
        },
        () -> proxies.subscriberPublisher(topicId, id),
        rejection -> {
          if (rejection.reason() == Reason.ALREADY_SUBSCRIBED) {
            return new AlreadySubscribed();
          }
          return Requests.undeclared(rejection, "cannot subscribe `" + id + "'");
        });
  }

  @Override
  public CompletionStage<Void> unsubscribeAsync(@Nullable ObjectPrx subscriber, Current current)
      throws InvalidSubscriber {
    if (subscriber == null) {
      traces.nullSubscriber(Mapping.objectId(current.id), "unsubscribe");
      throw new InvalidSubscriber(NULL_SUBSCRIBER);
    }
    ObjectId id = Mapping.objectId(subscriber.ice_getIdentity());
    return update(
        Mapping.objectId(current.id),
        current.operation,
        topic -> {
          traces.unsubscribe(topic, subscriber);
          return new TopicCommand.RemoveSubscribers(topic.name(), List.of(id));
        },
        noResult(),
        rejection -> Requests.undeclared(rejection, "cannot unsubscribe `" + id + "'"));
  }

  @Override
  public CompletionStage<Void> linkAsync(@Nullable TopicPrx target, int cost, Current current) {
    if (target == null) {
      throw new UnknownException("cannot link to a null proxy");
    }
    ObjectId topicId = Mapping.objectId(current.id);
    String operation = current.operation;
    ObjectId id = Mapping.objectId(target.ice_getIdentity());
    return Requests.pass(
        engine.readGate(),
        () ->
            waiting
                .until(linkProxyOf(target))
                .thenCompose(
                    link ->
                        update(
                            topicId,
                            operation,
                            topic -> {
                              traces.link(topic, id, cost);
                              return new TopicCommand.AddSubscriber(
                                  topic.name(), link(topic, target, link, cost));
                            },
                            noResult(),
                            rejection ->
                                rejection.reason() == Reason.LINK_EXISTS
                                    ? new LinkExists(rejection.name())
                                    : Requests.undeclared(
                                        rejection, "cannot link to `" + id + "'"))));
  }

  @Override
  public CompletionStage<Void> unlinkAsync(@Nullable TopicPrx target, Current current) {
    if (target == null) {
      throw new UnknownException("cannot unlink a null proxy");
    }
    ObjectId id = Mapping.objectId(target.ice_getIdentity());
    return update(
        Mapping.objectId(current.id),
        current.operation,
        topic -> {
          traces.unlink(topic, id);
          return new TopicCommand.Unlink(topic.name(), id);
        },
        noResult(),
        rejection ->
            rejection.reason() == Reason.NO_SUCH_LINK
                ? new NoSuchLink(rejection.name())
                : Requests.undeclared(rejection, "cannot unlink `" + id + "'"));
  }

  @Override
  public CompletionStage<Void> destroyAsync(Current current) {
    return update(
        Mapping.objectId(current.id),
        current.operation,
        topic -> {
          traces.destroy(topic);
          return new TopicCommand.DestroyTopic(topic.name());
        },
        noResult(),
        rejection -> Requests.undeclared(rejection, "cannot destroy the topic"));
  }

  @Override
  public CompletionStage<Void> reapAsync(Identity[] ids, Current current) {
    Topic topic = existing(Mapping.objectId(current.id), current.operation);
    if (Arrays.stream(ids).anyMatch(id -> id.name.isEmpty())) {
      throw new UnknownException("cannot reap an empty identity");
    }
    List<ObjectId> subscribers = StormMapping.objectIds(ids);
    traces.reap(topic, subscribers);
    return Requests.answer(
        engine.reapForPeer(topic.name(), subscribers),
        noResult(),
        rejection -> Requests.undeclared(rejection, "cannot reap"));
  }

  /** The service stops: what waits for other services must not hold it up. */
  void refuseWaiting() {
    waiting.refuseAll();
  }

  /** The link object of a topic, which may be anywhere, gone or no topic at all. */
  private static CompletableFuture<TopicLinkPrx> linkProxyOf(TopicPrx target) {
    return TopicInternalPrx.uncheckedCast(target.ice_twoway())
        .ice_invocationTimeout(LINK_TIMEOUT_MILLIS)
        .getLinkProxyAsync();
  }

  private static SubscriberRecord link(
      Topic topic, TopicPrx target, @Nullable TopicLinkPrx link, int cost) {
    ObjectId id = Mapping.objectId(target.ice_getIdentity());
    if (link == null) {
      throw new UnknownException("the topic `" + id + "' has no link object");
    }
    return SubscriberRecord.link(
        topic.name(), id, StormMapping.encode(link), cost, StormMapping.encode(target));
  }

  /** A subscriber that is there already is told so, whatever its quality of service. */
  private static void checkQos(
      Topic topic, ObjectId id, ObjectPrx subscriber, Map<String, String> qos) throws BadQoS {
    try {
      Qos.check(subscriber, qos);
    } catch (BadQoS | UnknownException e) {
      if (topic.findSubscriber(id) == null) {
        throw e;
      }
    }
  }

  private LinkInfo linkInfo(SubscriberRecord link) {
    return new LinkInfo(
        TopicPrx.uncheckedCast(proxies.decode(link.linkedTopic())),
        Topic.nameOf(link.id()),
        link.cost());
  }

  private <T> CompletionStage<T> read(Current current, Function<Topic, T> answer) {
    ObjectId id = Mapping.objectId(current.id);
    String operation = current.operation;
    return Requests.pass(
        engine.readGate(),
        () -> CompletableFuture.completedFuture(answer.apply(existing(id, operation))));
  }

  /** The command of an update, from the topic as it is. */
  private interface CommandOf {
    TopicCommand command(Topic topic) throws UserException;
  }

  private <T> CompletionStage<T> update(
      ObjectId id,
      String operation,
      CommandOf commandOf,
      Requests.Accepted<T> accepted,
      Requests.Refused refused) {
    return Requests.pass(
        engine.readGate(),
        () ->
            Requests.answer(
                engine.submit(commandOf.command(existing(id, operation))),
                accepted,
                rejection ->
                    rejection.reason() == Reason.NO_SUCH_TOPIC
                        ? notExist(id, operation)
                        : refused.of(rejection)));
  }

  private @Nullable Topic find(ObjectId id) {
    Topic topic = engine.tables().find(Topic.nameOf(id));
    return topic != null && topic.id().equals(id) ? topic : null;
  }

  private Topic existing(ObjectId id, String operation) {
    Topic topic = find(id);
    if (topic == null) {
      throw notExist(id, operation);
    }
    return topic;
  }

  private static ObjectNotExistException notExist(ObjectId id, String operation) {
    return new ObjectNotExistException(Mapping.identity(id), "", operation);
  }

  /** Answered in any state of the replicas. */
  private static boolean isPing(Current current) {
    return current.operation.startsWith("ice_");
  }

  @SuppressWarnings("NullAway") // Void has no other value.
  private static Requests.Accepted<Void> noResult() {
    return () -> null;
  }
}
