package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Blobject;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.FacetNotExistException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.OperationNotExistException;
import com.zeroc.Ice.OutputStream;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.UnknownLocalException;
import com.zeroc.Ice.UnknownUserException;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceStorm.AlreadySubscribed;
import com.zeroc.IceStorm.BadQoS;
import com.zeroc.IceStorm.FinderPrx;
import com.zeroc.IceStorm.InvalidSubscriber;
import com.zeroc.IceStorm.LinkExists;
import com.zeroc.IceStorm.LinkInfo;
import com.zeroc.IceStorm.NoSuchLink;
import com.zeroc.IceStorm.NoSuchTopic;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicInternalPrx;
import com.zeroc.IceStorm.TopicManagerInternalPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service that stores its topics, seen through the eyes of its clients. */
class StormTest {
  private static final String TOO_LONG = "x".repeat(512);

  @TempDir Path directory;
  private TestStorm storm;
  private TopicManagerPrx manager;

  @BeforeEach
  void start() {
    storm = TestStorm.persistent(directory).start();
    manager = storm.manager();
  }

  @AfterEach
  void stop() {
    storm.close();
  }

  @Test
  void topicsAreCreatedFoundAndDestroyed() throws Exception {
    TopicPrx topic = manager.create("weather");

    assertThat(topic.ice_getIdentity()).isEqualTo(new Identity("topic.weather", "IceStorm"));
    assertThat(topic.getName()).isEqualTo("weather");
    assertThat(manager.retrieve("weather")).isEqualTo(topic);
    assertThat(manager.retrieveAll()).containsOnlyKeys("weather");
    assertThatThrownBy(() -> manager.create("weather"))
        .isInstanceOfSatisfying(
            TopicExists.class, exists -> assertThat(exists.name).isEqualTo("weather"));
    topic.destroy();
    assertThatThrownBy(() -> manager.retrieve("weather"))
        .isInstanceOfSatisfying(
            NoSuchTopic.class, none -> assertThat(none.name).isEqualTo("weather"));
  }

  @Test
  void aNameMayBeAnything() throws Exception {
    for (String name : new String[] {"", "a b", "a/b", "\u00fc\u4e2d", "topic.a", "a.publish"}) {
      assertThat(manager.create(name).getName()).isEqualTo(name);
    }
    assertThat(manager.retrieveAll()).hasSize(6);
  }

  @Test
  void objectsHaveTheTypesOfTheReference() throws Exception {
    TopicPrx topic = manager.create("a");

    assertThat(manager.ice_ids())
        .containsExactly(
            "::Ice::Object", "::IceStorm::TopicManager", "::IceStorm::TopicManagerInternal");
    assertThat(topic.ice_ids())
        .containsExactly("::Ice::Object", "::IceStorm::Topic", "::IceStorm::TopicInternal");
    assertThat(TopicPrx.checkedCast(topic)).isNotNull();
    assertThat(manager.getSliceChecksums()).isNotEmpty();
    assertThat(TopicManagerInternalPrx.checkedCast(manager).getReplicaNode()).isNull();
  }

  @Test
  void identitiesThatDoNotFitInTheDatabaseAreRefused() throws Exception {
    TopicPrx topic = manager.create("a");
    ObjectPrx subscriber = storm.client().stringToProxy(TOO_LONG + ":tcp -h 127.0.0.1 -p 9");

    assertThatThrownBy(() -> manager.create(TOO_LONG)).isInstanceOf(UnknownException.class);
    assertThatThrownBy(() -> topic.subscribeAndGetPublisher(Map.of(), subscriber))
        .isInstanceOf(UnknownException.class);
    assertThat(manager.retrieveAll()).containsOnlyKeys("a");
    assertThat(topic.getSubscribers()).isEmpty();
  }

  @Test
  void everyOperationOnADestroyedTopicFindsNothing() throws Exception {
    TopicPrx topic = manager.create("a");
    TopicPrx other = manager.create("b");
    ObjectPrx publisher = topic.getPublisher();
    topic.destroy();

    for (Operation operation :
        new Operation[] {
          topic::ice_ping,
          topic::getName,
          topic::getPublisher,
          topic::getNonReplicatedPublisher,
          topic::getLinkInfoSeq,
          topic::getSubscribers,
          topic::destroy,
          () -> topic.subscribeAndGetPublisher(Map.of(), subscriber("s")),
          () -> topic.unsubscribe(subscriber("s")),
          () -> topic.link(other, 0),
          () -> topic.unlink(other),
          () -> TopicInternalPrx.uncheckedCast(topic).getLinkProxy(),
          () -> TopicInternalPrx.uncheckedCast(topic).reap(new Identity[0]),
          publisher::ice_ping
        }) {
      assertThatThrownBy(operation::run).isInstanceOf(ObjectNotExistException.class);
    }
  }

  @Test
  void onlyTheDefaultFacetExists() throws Exception {
    TopicPrx topic = manager.create("a");

    assertThatThrownBy(() -> topic.ice_facet("other").ice_ping())
        .isInstanceOf(FacetNotExistException.class);
    assertThatThrownBy(() -> topic.ice_identity(new Identity("topic.a", "Foreign")).ice_ping())
        .isInstanceOf(ObjectNotExistException.class);
  }

  @Test
  void subscribersAreTakenOnce() throws Exception {
    TopicPrx topic = manager.create("a");
    ObjectPrx publisher = topic.subscribeAndGetPublisher(Map.of(), subscriber("s"));

    assertThat(publisher.ice_getIdentity())
        .isEqualTo(new Identity("topic.a.publish.s", "IceStorm"));
    assertThatThrownBy(() -> topic.subscribeAndGetPublisher(Map.of(), subscriber("s")))
        .isInstanceOf(AlreadySubscribed.class);
    // Also where its quality of service is wrong.
    assertThatThrownBy(
            () -> topic.subscribeAndGetPublisher(Map.of("reliability", "twoway"), subscriber("s")))
        .isInstanceOf(AlreadySubscribed.class);
    assertThat(topic.getSubscribers()).containsExactly(new Identity("s", ""));
    topic.unsubscribe(subscriber("s"));
    topic.unsubscribe(subscriber("s"));
    assertThat(topic.getSubscribers()).isEmpty();
  }

  @Test
  void subscribersAndLinksAreToldInTheOrderInWhichTheyCame() throws Exception {
    TopicPrx topic = manager.create("a");
    TopicPrx z = manager.create("z");
    TopicPrx y = manager.create("y");
    topic.subscribeAndGetPublisher(Map.of(), subscriber("2"));
    topic.link(z, 0);
    topic.subscribeAndGetPublisher(Map.of(), subscriber("3"));
    topic.link(y, 0);
    topic.subscribeAndGetPublisher(Map.of(), subscriber("1"));
    topic.unsubscribe(subscriber("2"));
    topic.subscribeAndGetPublisher(Map.of(), subscriber("2"));

    assertThat(topic.getSubscribers())
        .extracting(id -> id.name)
        .containsExactly("topic.z", "3", "topic.y", "1", "2");
    assertThat(topic.getLinkInfoSeq()).extracting(link -> link.name).containsExactly("z", "y");
    storm.close();
    start();

    assertThat(manager.retrieve("a").getSubscribers())
        .extracting(id -> id.name)
        .containsExactly("1", "2", "3", "topic.y", "topic.z");
  }

  @Test
  void aWrongQualityOfServiceIsRefusedBeforeAnythingIsStored() throws Exception {
    TopicPrx topic = manager.create("a");

    assertThatThrownBy(
            () -> topic.subscribeAndGetPublisher(Map.of("reliability", "twoway"), subscriber("s")))
        .isInstanceOfSatisfying(
            BadQoS.class, bad -> assertThat(bad.reason).isEqualTo("invalid reliability: twoway"));
    assertThat(topic.getSubscribers()).isEmpty();
    topic.subscribeAndGetPublisher(Map.of("unknown", "kept"), subscriber("s"));
    assertThat(topic.getSubscribers()).hasSize(1);
  }

  @Test
  void theNullProxyIsNoSubscriber() throws Exception {
    TopicPrx topic = manager.create("a");

    assertThatThrownBy(() -> topic.subscribeAndGetPublisher(Map.of(), null))
        .isInstanceOfSatisfying(
            InvalidSubscriber.class,
            invalid -> assertThat(invalid.reason).isEqualTo("subscriber is a null proxy"));
    assertThatThrownBy(() -> topic.unsubscribe(null))
        .isInstanceOfSatisfying(
            UnknownUserException.class,
            unknown -> assertThat(unknown.unknown).isEqualTo("::IceStorm::InvalidSubscriber"));
  }

  @Test
  void linksAreMadeAndRemoved() throws Exception {
    TopicPrx from = manager.create("from");
    TopicPrx to = manager.create("to");
    from.link(to, 5);
    from.link(from, 0);

    LinkInfo link =
        Arrays.stream(from.getLinkInfoSeq())
            .filter(info -> info.name.equals("to"))
            .findFirst()
            .orElseThrow();
    assertThat(link.cost).isEqualTo(5);
    assertThat(link.theTopic).isEqualTo(to);
    assertThat(from.getSubscribers())
        .containsExactlyInAnyOrder(
            new Identity("topic.from", "IceStorm"), new Identity("topic.to", "IceStorm"));
    assertThatThrownBy(() -> from.link(to, 6))
        .isInstanceOfSatisfying(LinkExists.class, e -> assertThat(e.name).isEqualTo("to"));
    from.unlink(to);
    assertThatThrownBy(() -> from.unlink(to))
        .isInstanceOfSatisfying(NoSuchLink.class, e -> assertThat(e.name).isEqualTo("to"));
    assertThat(from.getLinkInfoSeq()).hasSize(1);
  }

  @Test
  void aLinkToWhatIsNoTopicFailsWithItsReason() throws Exception {
    TopicPrx topic = manager.create("a");
    TopicPrx nobody =
        TopicPrx.uncheckedCast(storm.client().stringToProxy("t:tcp -h 127.0.0.1 -p 9"));
    TopicPrx none =
        TopicPrx.uncheckedCast(topic.ice_identity(new Identity("topic.none", "IceStorm")));

    assertThatThrownBy(() -> topic.link(null, 0)).isInstanceOf(UnknownException.class);
    assertThatThrownBy(() -> topic.unlink(null)).isInstanceOf(UnknownException.class);
    assertThatThrownBy(() -> topic.link(nobody, 0)).isInstanceOf(UnknownLocalException.class);
    assertThatThrownBy(() -> topic.link(TopicPrx.uncheckedCast(manager), 0))
        .isInstanceOf(OperationNotExistException.class);
    assertThatThrownBy(() -> topic.link(none, 0)).isInstanceOf(ObjectNotExistException.class);
    assertThat(topic.getSubscribers()).isEmpty();
  }

  @Test
  void aPeerMayReapWhatItFoundGone() throws Exception {
    TopicPrx topic = manager.create("a");
    topic.subscribeAndGetPublisher(Map.of(), subscriber("s"));
    TopicInternalPrx internal = TopicInternalPrx.uncheckedCast(topic);

    assertThatThrownBy(() -> internal.reap(new Identity[] {new Identity("", "")}))
        .isInstanceOf(UnknownException.class);
    internal.reap(new Identity[] {new Identity("s", ""), new Identity("none", "")});
    assertThat(topic.getSubscribers()).isEmpty();
  }

  @Test
  void aLinkProxyLeadsToTheTopicsLink() throws Exception {
    TopicInternalPrx topic = TopicInternalPrx.uncheckedCast(manager.create("a"));

    assertThat(topic.getLinkProxy().ice_getIdentity())
        .isEqualTo(new Identity("a.link", "IceStorm"));
    assertThat(topic.getLinkProxy().ice_id()).isEqualTo("::IceStorm::TopicLink");
  }

  @Test
  void topicsAndSubscribersSurviveARestart() throws Exception {
    TopicPrx from = manager.create("from");
    TopicPrx to = manager.create("to");
    from.link(to, 7);
    from.subscribeAndGetPublisher(Map.of("retryCount", "3"), subscriber("s"));
    manager.create("gone").destroy();
    storm.close();
    start();

    assertThat(manager.retrieveAll()).containsOnlyKeys("from", "to");
    TopicPrx again = manager.retrieve("from");
    assertThat(again.getSubscribers())
        .containsExactly(new Identity("s", ""), new Identity("topic.to", "IceStorm"));
    assertThat(again.getLinkInfoSeq()[0].cost).isEqualTo(7);
    assertThatThrownBy(() -> again.subscribeAndGetPublisher(Map.of(), subscriber("s")))
        .isInstanceOf(AlreadySubscribed.class);
  }

  @Test
  void topicsKeepTheirIdentityWhenTheInstanceIsRenamed() throws Exception {
    manager.create("old");
    storm.close();
    storm = TestStorm.persistent(directory).with("InstanceName", "Renamed").start();
    manager = storm.manager();

    TopicPrx old = manager.retrieve("old");
    assertThat(old.ice_getIdentity().category).isEqualTo("IceStorm");
    assertThat(old.getName()).isEqualTo("old");
    assertThat(manager.create("new").ice_getIdentity().category).isEqualTo("Renamed");
  }

  @Test
  void theFinderKnowsTheManager() {
    FinderPrx finder =
        FinderPrx.checkedCast(manager.ice_identity(new Identity("Finder", "IceStorm")));

    assertThat(finder.getTopicManager()).isEqualTo(manager);
  }

  @Test
  void theDirectoryIsInUse() {
    try (TestStorm second = TestStorm.persistent(directory)) {
      assertThatThrownBy(second::start)
          .isInstanceOfSatisfying(
              FailureException.class,
              e ->
                  assertThat(e.reason)
                      .startsWith("exception while starting IceStorm service IceStorm:\n")
                      .contains("icedb.lock"));
    }
    manager.ice_ping();
  }

  private ObjectPrx subscriber(String name) {
    return storm.client().stringToProxy(name + ":tcp -h 127.0.0.1 -p 9");
  }

  private interface Operation {
    void run() throws Exception;
  }

  /** As one answers that is no topic, or not quite. */
  @Test
  void aLinkToWhatHasNoLinkObjectIsRefused() throws Exception {
    TopicPrx topic = manager.create("a");
    Communicator other = storm.client();
    ObjectAdapter adapter =
        other.createObjectAdapterWithEndpoints("Other", "tcp -h 127.0.0.1 -p 0");
    Blobject nobody =
        (arguments, current) -> {
          OutputStream answer = new OutputStream(other);
          answer.startEncapsulation();
          answer.writeProxy(null);
          answer.endEncapsulation();
          return new com.zeroc.Ice.Object.Ice_invokeResult(true, answer.finished());
        };
    TopicPrx target = TopicPrx.uncheckedCast(adapter.add(nobody, new Identity("topic.b", "Other")));
    adapter.activate();

    assertThatThrownBy(() -> topic.link(target, 0)).isInstanceOf(UnknownException.class);
    assertThat(topic.getLinkInfoSeq()).isEmpty();
  }
}
