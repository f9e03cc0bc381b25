package dev.firn.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Util;
import dev.firn.model.Command;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection.Reason;
import dev.firn.replication.Answer;
import dev.firn.replication.Master;
import dev.firn.replication.ReplicationConfig;
import dev.firn.storage.InMemoryRegistryStore;
import dev.firn.wire.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static final ReplicationConfig CONFIG = new ReplicationConfig(1_000, 1_000, 10, 1, 1);

  private final Communicator communicator = Util.initialize();
  private final InMemoryRegistryStore store = new InMemoryRegistryStore();
  private final List<Integer> published = new ArrayList<>();
  private final List<Throwable> bugs = new ArrayList<>();
  private final Engine engine =
      new Engine(
          new Master(CONFIG, RegistryTables.EMPTY, false),
          store,
          new Traces(communicator.getProperties(), new RecordingLogger()),
          bugs::add);

  @BeforeEach
  void start() {
    engine.start(
        MasterPeers.NONE,
        MasterLink.NONE,
        (before, after, events) -> published.add(after.objects().size()));
  }

  @AfterEach
  void destroy() {
    engine.shutdown();
    communicator.destroy();
    assertThat(bugs).isEmpty();
  }

  @Test
  void acknowledgedUpdateIsStoredAndVisibleAndObserved() throws Exception {
    assertThat(submitted(new Command.AddObject(object("a")))).isEqualTo(new Answer.Done());
    assertThat(engine.tables().findObject(new ObjectId("a", ""))).isNotNull();
    assertThat(store.load().findObject(new ObjectId("a", ""))).isNotNull();
    assertThat(published).containsExactly(1);
  }

  @Test
  void updateThatCannotBeStoredIsRefusedAndNotSeen() throws Exception {
    store.failNext(InMemoryRegistryStore.Fault.FAIL);
    Answer answer = submitted(new Command.AddObject(object("a")));
    assertThat(answer).isInstanceOf(Answer.NotDone.class);
    assertThat(((Answer.NotDone) answer).rejection().reason()).isEqualTo(Reason.NOT_PERSISTED);
    assertThat(engine.tables().findObject(new ObjectId("a", ""))).isNull();
    assertThat(submitted(new Command.AddObject(object("a")))).isEqualTo(new Answer.Done());
  }

  @Test
  void updatesAfterTheEndAreRefused() throws Exception {
    engine.shutdown();
    Answer answer = submitted(new Command.AddObject(object("a")));
    assertThat(((Answer.NotDone) answer).rejection().reason()).isEqualTo(Reason.SHUTTING_DOWN);
  }

  private Answer submitted(Command command) throws Exception {
    return engine.submit(command).get(60, TimeUnit.SECONDS);
  }

  private ObjectEntry object(String name) {
    return ObjectEntry.of(
        Mapping.encode(communicator, communicator.stringToProxy(name + ":tcp -h 127.0.0.1 -p 1")),
        "::T");
  }
}
