package dev.firn.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import com.zeroc.IceStorm.SubscriberRecord;
import com.zeroc.IceStorm.TopicExists;
import com.zeroc.IceStorm.TopicManagerInternalPrx;
import com.zeroc.IceStorm.TopicPrx;
import dev.firn.wire.IceStormElection.LogUpdate;
import dev.firn.wire.IceStormElection.NodePrx;
import dev.firn.wire.IceStormElection.ObserverInconsistencyException;
import dev.firn.wire.IceStormElection.ReplicaObserver;
import dev.firn.wire.IceStormElection.ReplicaObserverPrx;
import dev.firn.wire.IceStormElection.TopicContent;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StormMappingTest {
  private final Communicator communicator = communicator();

  private static Communicator communicator() {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties();
    StormMapping.recogniseExceptions(data.properties);
    return Util.initialize(data);
  }

  @AfterEach
  void destroy() {
    communicator.destroy();
  }

  @Test
  void contentSurvivesTheWayThereAndBack() {
    TopicPrx linked = TopicPrx.uncheckedCast(proxy("IceStorm/topic.b:tcp -h 127.0.0.1 -p 1 -t 5"));
    SubscriberRecord subscriber =
        new SubscriberRecord(
            "a",
            Util.stringToIdentity("s/x"),
            false,
            proxy("s/x -f facet -O -e 1.0 @ some.adapter"),
            Map.of("reliability", "ordered", "unknown", ""),
            0,
            null);
    SubscriberRecord link =
        new SubscriberRecord(
            "a",
            linked.ice_getIdentity(),
            true,
            proxy("IceStorm/b.link:opaque -t 77 -e 1.1 -v AQ=="),
            Map.of(),
            -7,
            linked);
    TopicContent[] contents = {
      new TopicContent(
          Util.stringToIdentity("IceStorm/topic.a"), new SubscriberRecord[] {link, subscriber}),
      new TopicContent(Util.stringToIdentity("old"), new SubscriberRecord[0]),
    };

    var tables = StormMapping.tables(new LogUpdate(3, 9), contents);

    assertThat(tables.position()).hasToString("3/9");
    assertThat(tables.topics()).hasSize(2);
    assertThat(StormMapping.contents(communicator, tables)).isEqualTo(contents);
  }

  @Test
  void theServantsHaveTheOriginalTypesAndAnswerThePublicProxies() throws TopicExists {
    TopicManagerInternalPrx manager =
        TopicManagerInternalPrx.checkedCast(serve(new ManagerOfOneTopic()));

    assertThat(manager).isNotNull();
    assertThat(manager.ice_ids())
        .containsExactly(
            "::Ice::Object", "::IceStorm::TopicManager", "::IceStorm::TopicManagerInternal");
    assertThat(manager.create("new").ice_getIdentity().name).isEqualTo("topic.new");
    assertThatThrownBy(() -> manager.create("old"))
        .isInstanceOfSatisfying(TopicExists.class, e -> assertThat(e.name).isEqualTo("old"));
  }

  @Test
  void anExceptionOfAnObserverIsRecognised() {
    ReplicaObserverPrx observer = ReplicaObserverPrx.uncheckedCast(serve(new Inconsistent()));

    assertThatThrownBy(() -> observer.createTopic(new LogUpdate(1, 1), "x"))
        .isInstanceOfSatisfying(
            ObserverInconsistencyException.class, e -> assertThat(e.reason).isEqualTo("x exists"));
  }

  private ObjectPrx proxy(String text) {
    return communicator.stringToProxy(text);
  }

  /** Over a connection: a collocated call would not marshal. */
  private ObjectPrx serve(com.zeroc.Ice.Object servant) {
    ObjectAdapter adapter =
        communicator.createObjectAdapterWithEndpoints("test", "tcp -h 127.0.0.1 -p 0");
    ObjectPrx proxy = adapter.addWithUUID(servant);
    adapter.activate();
    return proxy.ice_collocationOptimized(false);
  }

  private final class ManagerOfOneTopic implements AmdTopicManager {
    @Override
    public CompletionStage<TopicPrx> createAsync(String name, Current current) {
      return name.equals("old")
          ? CompletableFuture.failedFuture(new TopicExists(name))
          : retrieveAsync(name, current);
    }

    @Override
    public CompletionStage<TopicPrx> retrieveAsync(String name, Current current) {
      return CompletableFuture.completedFuture(
          TopicPrx.uncheckedCast(proxy("IceStorm/topic." + name)));
    }

    @Override
    public CompletionStage<Map<String, TopicPrx>> retrieveAllAsync(Current current) {
      return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public CompletionStage<Map<String, String>> getSliceChecksumsAsync(Current current) {
      return CompletableFuture.completedFuture(Map.of());
    }

    @Override
    public CompletionStage<NodePrx> getReplicaNodeAsync(Current current) {
      return CompletableFuture.completedFuture(null);
    }
  }

  private static final class Inconsistent implements ReplicaObserver {
    @Override
    public CompletionStage<Void> initAsync(LogUpdate llu, TopicContent[] content, Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> createTopicAsync(LogUpdate llu, String name, Current current) {
      return CompletableFuture.failedFuture(new ObserverInconsistencyException(name + " exists"));
    }

    @Override
    public CompletionStage<Void> destroyTopicAsync(LogUpdate llu, String name, Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> addSubscriberAsync(
        LogUpdate llu, String topic, SubscriberRecord record, Current current) {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> removeSubscriberAsync(
        LogUpdate llu, String topic, com.zeroc.Ice.Identity[] subscribers, Current current) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
