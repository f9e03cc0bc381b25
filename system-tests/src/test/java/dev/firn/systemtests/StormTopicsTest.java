package dev.firn.systemtests;

import static dev.firn.systemtests.Json.proxyOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The topic manager, its topics, and the identities and proxies that they hand out. */
@EachStorm
class StormTopicsTest {
  private static final String UNKNOWN = "Ice.UnknownException";
  private static final String NO_OBJECT = "Ice.ObjectNotExistException";

  private StormVariant variant;
  private Storm storm;
  private IceClient client;
  private Remote manager;

  @Initializer
  void start(Lab lab, StormVariant variant) {
    this.variant = variant;
    storm = Storm.of(lab, variant).start();
    client = lab.client();
    storm.awaitServing(client);
    manager = storm.manager(client);
  }

  private Remote create(String name) {
    return storm.topic(client, name);
  }

  private Map<String, Object> subscriber(String name) {
    return proxyOf(name + ":tcp -h 127.0.0.1 -p 1");
  }

  @Test
  void topicsAreCreatedFoundAndDestroyed() {
    Remote topic = create("life");
    assertThat(topic.call("getName").text()).isEqualTo("life");
    IceFailure exists = manager.failure("create", "life");
    assertThat(exists.type()).isEqualTo("IceStorm.TopicExists");
    assertThat(exists.field("name").text()).isEqualTo("life");
    assertThat(manager.call("retrieve", "life").identity()).isEqualTo("IceStorm/topic.life");
    assertThat(manager.call("retrieveAll").get("life").identity()).isEqualTo("IceStorm/topic.life");
    topic.call("destroy");
    assertThat(topic.failure("destroy").type()).isEqualTo(NO_OBJECT);
    if (keepsDestroyedTopics()) {
      return;
    }
    IceFailure absent = manager.failure("retrieve", "life");
    assertThat(absent.type()).isEqualTo("IceStorm.NoSuchTopic");
    assertThat(absent.field("name").text()).isEqualTo("life");
    assertThat(manager.call("retrieveAll").has("life")).isFalse();
    create("life").call("destroy");
  }

  /** Transient topics of the reference up to 3.7.10 keep their name when they are destroyed. */
  private boolean keepsDestroyedTopics() {
    return variant.isTransient() && !variant.isFirn();
  }

  @Test
  void aDestroyedTopicAnswersNothing() {
    assumeThat(keepsDestroyedTopics()).isFalse();
    Remote topic = create("dead");
    Remote publisher = storm.publisher(client, topic);
    topic.call("destroy");
    for (String getter : List.of("getName", "getPublisher", "getLinkInfoSeq", "getSubscribers")) {
      assertThat(topic.failure(getter).type()).as(getter).isEqualTo(NO_OBJECT);
    }
    assertThat(topic.failure("subscribeAndGetPublisher", Map.of(), subscriber("s")).type())
        .isEqualTo(NO_OBJECT);
    assertThat(topic.failure("unsubscribe", subscriber("s")).type()).isEqualTo(NO_OBJECT);
    assertThat(publisher.failure("ice_ping").type()).isEqualTo(NO_OBJECT);
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void aDestroyedTopicTakesNoSubscriberAndNoLinkAtOnce() {
    assumeThat(variant.isFirn()).as("the reference resurrects topics").isTrue();
    Remote other = create("deadLinkTarget");
    Remote topic = create("deadAtOnce");
    topic.call("destroy");
    assertThat(topic.failure("subscribeAndGetPublisher", Map.of(), subscriber("s")).type())
        .isEqualTo(NO_OBJECT);
    assertThat(topic.failure("link", proxyOf(other.proxy(), "IceStorm.Topic"), 0).type())
        .isEqualTo(NO_OBJECT);
    assertThat(manager.call("retrieveAll").has("deadAtOnce")).isFalse();
    other.call("destroy");
  }

  @Test
  void anyNameIsAName() {
    for (String name : List.of("", "a/b", "a b", "tópico", "topic.topic", "x:y -t", "create")) {
      Remote topic = create(name);
      assertThat(topic.call("getName").text()).isEqualTo(name);
      assertThat(manager.call("retrieve", name).isNull()).isFalse();
      topic.call("destroy");
    }
  }

  @Test
  void longNamesAreRefusedWhereTheyWouldBeStored() {
    String name = "n".repeat(512);
    Remote shorter = create("n".repeat(400));
    shorter.call("destroy");
    if (variant.isTransient()) {
      create(name).call("destroy");
      return;
    }
    assertThat(manager.failure("create", name).type()).isEqualTo(UNKNOWN);
    assertThat(manager.failure("retrieve", name).type()).isEqualTo("IceStorm.NoSuchTopic");
    Remote topic = create("shortName");
    assertThat(topic.failure("subscribeAndGetPublisher", Map.of(), subscriber(name)).type())
        .isEqualTo(UNKNOWN);
    assertThat(topic.call("getSubscribers").items()).isEmpty();
    topic.call("destroy");
  }

  /** The last name that fits: 511 bytes of key with size prefixes, category and empty identity. */
  @Test
  void theLimitOfNamesIsThatOfTheReferencesKeys() {
    assumeThat(variant.isTransient()).isFalse();
    int fitting = 511 - 5 - 1 - "IceStorm".length() - 2 - "topic.".length();
    create("n".repeat(fitting)).call("destroy");
    assertThat(manager.failure("create", "n".repeat(fitting + 1)).type()).isEqualTo(UNKNOWN);
  }

  @Test
  @FirnOnly
  @Tag("reference-defect")
  void aSubscriberThatCouldNotBeStoredMayTryAgain() {
    assumeThat(variant.isFirn() && !variant.isTransient()).isTrue();
    Remote topic = create("again");
    String tooLong = "n".repeat(512);
    for (int i = 0; i < 2; i++) {
      assertThat(topic.failure("subscribeAndGetPublisher", Map.of(), subscriber(tooLong)).type())
          .isEqualTo(UNKNOWN);
    }
    topic.call("destroy");
  }

  @Test
  void objectsAreWhereTheReferenceHasThem() {
    Remote topic = create("where");
    assertThat(topic.proxy()).startsWith("IceStorm/topic.where -t");
    String publisher = topic.call("getPublisher").proxy();
    assertThat(publisher).startsWith("IceStorm/where.publish -t");
    assertThat(topic.call("getNonReplicatedPublisher").proxy())
        .startsWith("IceStorm/where.publish -t");
    Json own = topic.call("subscribeAndGetPublisher", Map.of(), subscriber("me"));
    assertThat(own.identity()).isEqualTo("IceStorm/topic.where.publish.me");
    Json categorized = topic.call("subscribeAndGetPublisher", Map.of(), subscriber("cat/me"));
    assertThat(categorized.proxy()).startsWith("IceStorm/topic.where.publish.cat\\/me -t");
    assertThat(topic.call("getSubscribers").items().stream().map(Json::identity))
        .containsExactly("me", "cat/me");
    topic.call("destroy");
  }

  @Test
  void replicatedProxiesHaveAllEndpoints() {
    Remote topic = create("endpoints");
    List<Integer> managers = storm.replicas().stream().map(StormProcess::managerPort).toList();
    List<Integer> publishers = storm.replicas().stream().map(StormProcess::publishPort).toList();
    assertThat(Cluster.ports(topic.proxy())).containsExactlyElementsOf(managers);
    if (variant.isReplicated()) {
      assertThat(Cluster.ports(topic.call("getPublisher").proxy()))
          .containsExactlyElementsOf(publishers);
      assertThat(Cluster.ports(topic.call("getNonReplicatedPublisher").proxy()).get(0))
          .isIn(publishers);
    } else {
      assertThat(topic.call("getPublisher").proxy())
          .isEqualTo(topic.call("getNonReplicatedPublisher").proxy());
    }
    topic.call("destroy");
  }

  @Test
  void typesAreTold() {
    Remote topic = create("types");
    assertThat(manager.call("ice_ids").texts())
        .containsExactly(
            "::Ice::Object", "::IceStorm::TopicManager", "::IceStorm::TopicManagerInternal");
    assertThat(topic.call("ice_ids").texts())
        .containsExactly("::Ice::Object", "::IceStorm::Topic", "::IceStorm::TopicInternal");
    assertThat(manager.call("ice_isA", "::IceStorm::TopicManager").bool()).isTrue();
    assertThat(manager.changed("ice_facet", "x").failure("ice_ping").type())
        .isEqualTo("Ice.FacetNotExistException");
    topic.call("destroy");
  }

  @Test
  void theFinderKnowsTheManager() {
    assumeThat(variant.isFirn() || !variant.isTransient())
        .as("a transient service of the reference has no Finder")
        .isTrue();
    for (StormProcess replica : storm.replicas()) {
      Json found =
          client
              .at("IceStorm.Finder", "IceStorm/Finder:" + replica.managerEndpoint())
              .call("getTopicManager");
      assertThat(found.identity()).isEqualTo("IceStorm/TopicManager");
      assertThat(Cluster.ports(found.proxy())).contains(replica.managerPort());
    }
  }

  @Test
  void checksumsAreAnswered() {
    assertThat(manager.call("getSliceChecksums").isNull()).isFalse();
  }

  @Test
  void subscribersAreRefusedWithTheReason() {
    Remote topic = create("refused");
    IceFailure none = topic.failure("subscribeAndGetPublisher", Map.of(), null);
    assertThat(none.type()).isEqualTo("IceStorm.InvalidSubscriber");
    assertThat(none.reason()).isEqualTo("subscriber is a null proxy");
    IceFailure undeclared = topic.failure("unsubscribe", new Object[] {null});
    assertThat(undeclared.type()).isEqualTo("Ice.UnknownUserException");
    assertThat(undeclared.field("unknown").text()).contains("::IceStorm::InvalidSubscriber");
    topic.call("subscribeAndGetPublisher", Map.of(), subscriber("twice"));
    assertThat(
            topic
                .failure("subscribeAndGetPublisher", Map.of(), proxyOf("twice -o:tcp -p 2"))
                .type())
        .isEqualTo("IceStorm.AlreadySubscribed");
    topic.call("unsubscribe", subscriber("unknown"));
    topic.call("unsubscribe", subscriber("twice"));
    assertThat(topic.call("getSubscribers").items()).isEmpty();
    topic.call("destroy");
  }

  @Test
  void qualityOfServiceIsChecked() {
    Remote topic = create("qos");
    Map<Map<String, String>, String> refused =
        Map.of(
            Map.of("reliability", "twoway"), "invalid reliability: twoway",
            Map.of("reliability", "oneway"), "invalid reliability: oneway",
            Map.of("reliability", "Ordered"), "invalid reliability: Ordered",
            Map.of("locatorCacheTimeout", "x"),
                "invalid locator cache timeout (numeric value required): x",
            Map.of("locatorCacheTimeout", "10s"),
                "invalid locator cache timeout (numeric value required): 10s",
            Map.of("connectionCached", "yes"),
                "invalid connection cached setting (numeric value required): yes");
    refused.forEach(
        (qos, reason) -> {
          IceFailure bad = topic.failure("subscribeAndGetPublisher", qos, subscriber("bad"));
          assertThat(bad.type()).as(qos.toString()).isEqualTo("IceStorm.BadQoS");
          assertThat(bad.reason()).isEqualTo(reason);
        });
    if (variant.isFirn()) {
      // The reference takes any text for a number.
      IceFailure bad =
          topic.failure(
              "subscribeAndGetPublisher", Map.of("retryCount", "many"), subscriber("bad"));
      assertThat(bad.type()).isEqualTo("IceStorm.BadQoS");
      assertThat(bad.reason()).isEqualTo("invalid retry count (numeric value required): many");
    }
    for (String mode : List.of("-o", "-O", "-d", "-D")) {
      IceFailure bad =
          topic.failure(
              "subscribeAndGetPublisher",
              Map.of("reliability", "ordered"),
              proxyOf("bad " + mode + ":udp -h 127.0.0.1 -p 1:tcp -h 127.0.0.1 -p 1"));
      assertThat(bad.type()).isEqualTo("IceStorm.BadQoS");
      assertThat(bad.reason()).isEqualTo("ordered reliability requires a twoway proxy");
    }
    assertThat(
            topic
                .failure(
                    "subscribeAndGetPublisher",
                    Map.of("locatorCacheTimeout", "-2"),
                    subscriber("bad"))
                .type())
        .isEqualTo(UNKNOWN);
    assertThat(topic.call("getSubscribers").items()).isEmpty();
    topic.call("destroy");
  }

  @Test
  void qualityOfServiceIsAccepted() {
    Remote topic = create("goodQos");
    List<Map<String, String>> accepted =
        List.of(
            Map.of("reliability", ""),
            Map.of("reliability", "ordered"),
            Map.of("retryCount", "-1"),
            Map.of("retryCount", "3"),
            Map.of("locatorCacheTimeout", " 10 ", "connectionCached", "0"),
            Map.of("persistent", "true", "unheardOf", "?"));
    for (int i = 0; i < accepted.size(); i++) {
      topic.call("subscribeAndGetPublisher", accepted.get(i), subscriber("good" + i));
    }
    assertThat(topic.call("getSubscribers").items()).hasSize(accepted.size());
    topic.call("destroy");
  }

  @Test
  void linksAreToldAndRemoved() {
    Remote from = create("from");
    Remote to = create("to");
    Map<String, Object> target = proxyOf(to.proxy(), "IceStorm.Topic");
    from.call("link", target, 7);
    IceFailure exists = from.failure("link", target, 8);
    assertThat(exists.type()).isEqualTo("IceStorm.LinkExists");
    assertThat(exists.field("name").text()).isEqualTo("to");
    Json link = from.call("getLinkInfoSeq").item(0);
    assertThat(link.get("name").text()).isEqualTo("to");
    assertThat(link.get("cost").number()).isEqualTo(7);
    assertThat(link.get("theTopic").identity()).isEqualTo("IceStorm/topic.to");
    assertThat(from.call("getSubscribers").item(0).identity()).isEqualTo("IceStorm/topic.to");
    from.call("unlink", target);
    IceFailure absent = from.failure("unlink", target);
    assertThat(absent.type()).isEqualTo("IceStorm.NoSuchLink");
    assertThat(absent.field("name").text()).isEqualTo("to");
    assertThat(from.call("getLinkInfoSeq").items()).isEmpty();
    // To itself, and with a negative cost: nobody objects.
    from.call("link", proxyOf(from.proxy(), "IceStorm.Topic"), -1);
    from.call("destroy");
    to.call("destroy");
  }

  @Test
  void linksToNothingAreRefused() {
    Remote from = create("fromHere");
    assertThat(from.failure("link", null, 0).type()).isEqualTo(UNKNOWN);
    assertThat(from.failure("unlink", new Object[] {null}).type()).isEqualTo(UNKNOWN);
    String absent = "IceStorm/topic.absent:" + storm.first().managerEndpoint();
    assertThat(from.failure("link", proxyOf(absent, "IceStorm.Topic"), 0).type())
        .isEqualTo(NO_OBJECT);
    String nobody = "IceStorm/topic.absent:tcp -h 127.0.0.1 -p 1";
    assertThat(from.failure("link", proxyOf(nobody, "IceStorm.Topic"), 0).type())
        .isEqualTo("Ice.UnknownLocalException");
    assertThat(from.call("getSubscribers").items()).isEmpty();
    from.call("destroy");
  }

  @Test
  void foreignIdentitiesAreNoObjects() {
    for (String identity :
        List.of("Other/TopicManager", "IceStorm/topic.nobody", "topic.nobody", "IceStorm/node9")) {
      assertThat(
              client
                  .object(identity + ":" + storm.first().managerEndpoint())
                  .failure("ice_ping")
                  .type())
          .as(identity)
          .isEqualTo(NO_OBJECT);
    }
    assertThat(
            client
                .object("IceStorm/nobody.publish:" + storm.first().publishEndpoint())
                .failure("ice_ping")
                .type())
        .isEqualTo(NO_OBJECT);
  }
}
