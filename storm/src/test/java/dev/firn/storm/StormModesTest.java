package dev.firn.storm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.UnknownException;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceStorm.FinderPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import com.zeroc.IceStorm.TopicPrx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What properties make of a service. */
class StormModesTest {
  private static final int LIMIT_SECONDS = 60;
  private static final String ALL_MANAGERS = "tcp -h 127.0.0.1 -p 1:tcp -h 127.0.0.1 -p 2";
  private static final String ALL_PUBLISHERS = "tcp -h 127.0.0.1 -p 3:tcp -h 127.0.0.1 -p 4";

  @TempDir Path directory;

  @Test
  void nothingIsStoredInTransientMode() throws Exception {
    try (TestStorm storm = TestStorm.inMemory().start()) {
      storm.manager().create("x".repeat(600));
      TopicPrx topic = storm.manager().create("a");
      topic.destroy();
      assertThatThrownBy(topic::getName).isInstanceOf(ObjectNotExistException.class);
      assertThatThrownBy(() -> topic.link(topic, 0)).isInstanceOf(ObjectNotExistException.class);
      storm.manager().create("a");
      // ZeroC's service has no Finder here.
      assertThat(finder(storm).getTopicManager()).isEqualTo(storm.manager());
    }
  }

  @Test
  void proxiesCarryTheEndpointsOfAllReplicas() throws Exception {
    try (TestStorm storm =
        TestStorm.persistent(directory)
            .with("ReplicatedTopicManagerEndpoints", ALL_MANAGERS)
            .with("ReplicatedPublishEndpoints", ALL_PUBLISHERS)
            .start()) {
      TopicPrx topic = storm.manager().create("a");
      assertThat(topic.ice_getEndpoints()).hasSize(2);
      assertThat(finder(storm).getTopicManager().ice_getEndpoints()).hasSize(2);
      TopicPrx here = TopicPrx.uncheckedCast(storm.manager().ice_identity(topic.ice_getIdentity()));
      assertThat(here.getPublisher().ice_getEndpoints()).hasSize(2);
      assertThat(here.getNonReplicatedPublisher().ice_getEndpoints()).hasSize(1);
      assertThat(subscribe(here, storm, "s").ice_getEndpoints()).hasSize(2);
    }
  }

  @Test
  void withAdapterIdsProxiesAreIndirect() throws Exception {
    try (TestStorm storm =
        TestStorm.persistent(directory)
            .with("TopicManager.AdapterId", "One.TopicManager")
            .with("TopicManager.ReplicaGroupId", "Managers")
            .with("Publish.AdapterId", "One.Publish")
            .with("Publish.ReplicaGroupId", "Publishers")
            .with("ReplicatedTopicManagerEndpoints", ALL_MANAGERS)
            .with("ReplicatedPublishEndpoints", ALL_PUBLISHERS)
            .start()) {
      TopicPrx topic = storm.manager().create("a");
      assertThat(topic.ice_getAdapterId()).isEqualTo("Managers");
      TopicPrx here = TopicPrx.uncheckedCast(storm.manager().ice_identity(topic.ice_getIdentity()));
      assertThat(here.getPublisher().ice_getAdapterId()).isEqualTo("Publishers");
      assertThat(here.getNonReplicatedPublisher().ice_getAdapterId()).isEqualTo("One.Publish");
      assertThat(subscribe(here, storm, "s").ice_getAdapterId()).isEqualTo("Publishers");
    }
  }

  @Test
  void unknownPropertiesAreWarnedOfAndKnownOnesAreNot() {
    try (TestStorm storm =
        TestStorm.inMemory()
            .with("Foo", "1")
            .with("Flush.Bar", "2")
            .with("Flush.Timeout", "500")
            .with("Trace.Replication", "0")
            .with("Nodes.1", "a")
            .with("TopicManager.ThreadPool.SizeMax", "3")
            .start()) {
      assertThat(storm.logger().lines())
          .containsExactly(
              """
              warning: found unknown properties for IceStorm service 'IceStorm':
                  IceStorm.Flush.Bar
                  IceStorm.Foo\
              """);
    }
  }

  @Test
  void aMissingDirectoryIsSaid() {
    try (TestStorm storm = TestStorm.persistent(directory.resolve("none"))) {
      assertThatThrownBy(storm::start)
          .isInstanceOfSatisfying(
              FailureException.class,
              e ->
                  assertThat(e.reason)
                      .startsWith("exception while starting IceStorm service IceStorm:\n")
                      .contains("No such file or directory"));
    }
  }

  @Test
  void aMissingAdapterIsIcesOwnError() {
    try (TestStorm storm = TestStorm.inMemory().with("Publish.Endpoints", "")) {
      assertThatThrownBy(storm::start)
          .isInstanceOfSatisfying(
              InitializationException.class,
              e -> assertThat(e.reason).contains("`IceStorm.Publish' requires configuration"));
    }
  }

  @Test
  void aFailedStartLeavesTheDirectoryFree() throws Exception {
    try (TestStorm first = TestStorm.persistent(directory).start();
        TestStorm second =
            TestStorm.persistent(directory.resolve("none"))
                .with("TopicManager.Endpoints", first.managerEndpoint)) {
      assertThatThrownBy(second::start).isInstanceOf(RuntimeException.class);
      first.manager().create("a");
    }
    try (TestStorm again = TestStorm.persistent(directory).start()) {
      assertThat(again.manager().retrieveAll()).containsOnlyKeys("a");
    }
  }

  @Test
  void severalServicesRunInOneProcess() throws Exception {
    try (TestStorm one = TestStorm.inMemory().start();
        TestStorm two = TestStorm.inMemory().with("InstanceName", "Two").start()) {
      TopicPrx from = one.manager().create("a");
      TopicPrx to = two.manager().create("a");
      from.link(to, 0);
      assertThat(from.getSubscribers()).containsExactly(new Identity("topic.a", "Two"));
      one.stop();
      assertThat(two.manager().retrieveAll()).containsOnlyKeys("a");
    }
  }

  @Test
  void aLinkThatIsNeverAnsweredDoesNotHoldUpTheEnd() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        TestStorm storm = TestStorm.inMemory().start()) {
      TopicPrx topic = storm.manager().create("a");
      TopicPrx target =
          TopicPrx.uncheckedCast(
              storm.client().stringToProxy("t:tcp -h 127.0.0.1 -p " + silent.getLocalPort()));
      CompletableFuture<Void> link = topic.linkAsync(target, 0);
      silent.accept();
      // The dispatch thread is free: this is the only one.
      assertThat(topic.getName()).isEqualTo("a");
      storm.stop();
      assertThatThrownBy(() -> link.get(LIMIT_SECONDS, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownException.class);
    }
  }

  @Test
  void topicsAreTracedAsTheReferenceDoes() throws Exception {
    try (TestStorm storm =
        TestStorm.persistent(directory)
            .with("Trace.TopicManager", "2")
            .with("Trace.Topic", "2")
            .start()) {
      TopicPrx topic = storm.manager().create("a");
      subscribe(topic, storm, "s");
      topic.unlinkAsync(topic).exceptionally(failure -> null).join();
      topic.unsubscribe(storm.client().stringToProxy("s:tcp -h 127.0.0.1 -p 9"));
      subscribe(topic, storm, "s");
      assertThat(storm.logger().lines())
          .containsSubsequence(
              "TopicManager: creating new topic \"a\". id: IceStorm/topic.a subscribers: ",
              "Topic: a: subscribeAndGetPublisher: s endpoints:"
                  + " \"tcp -h 127.0.0.1 -p 9 -t 60000\" QoS:  subscriptions: []",
              "Topic: a: unlink a failed - not linked",
              "Topic: a: unsubscribe: s endpoints: \"tcp -h 127.0.0.1 -p 9 -t 60000\"[s]");
    }
    try (TestStorm storm =
        TestStorm.persistent(directory).with("Trace.TopicManager", "2").start()) {
      assertThat(storm.logger().lines())
          .contains(
              "TopicManager: loading topic \"a\" from database. id: IceStorm/topic.a subscribers:"
                  + " s endpoints: \"tcp -h 127.0.0.1 -p 9 -t 60000\"");
    }
  }

  private static FinderPrx finder(TestStorm storm) {
    TopicManagerPrx manager = storm.manager();
    return FinderPrx.uncheckedCast(manager.ice_identity(new Identity("Finder", "IceStorm")));
  }

  private static ObjectPrx subscribe(TopicPrx topic, TestStorm storm, String name)
      throws Exception {
    return topic.subscribeAndGetPublisher(
        Map.of(), storm.client().stringToProxy(name + ":tcp -h 127.0.0.1 -p 9"));
  }
}
