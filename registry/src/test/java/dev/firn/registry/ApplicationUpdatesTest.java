package dev.firn.registry;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AccessDeniedException;
import com.zeroc.IceGrid.ApplicationDescriptor;
import com.zeroc.IceGrid.ApplicationNotExistException;
import com.zeroc.IceGrid.DeploymentException;
import dev.firn.model.ApplicationDiff;
import dev.firn.model.ApplicationInfo;
import dev.firn.model.NodeDescriptor;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.ServerDescriptor;
import dev.firn.model.ServerInstanceDescriptor;
import dev.firn.model.SortedNames;
import dev.firn.model.TemplateDescriptor;
import dev.firn.model.UpdatePlan;
import dev.firn.replication.Master;
import dev.firn.replication.ReplicationConfig;
import dev.firn.storage.InMemoryRegistryStore;
import dev.firn.wire.DescriptorWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Changes of applications, with nodes that say what they are told to. */
class ApplicationUpdatesTest {
  private static final ReplicationConfig CONFIG = new ReplicationConfig(1_000, 1_000, 10, 1, 1);

  private final RecordingLogger logger = new RecordingLogger();
  private final Traces traces = traces();
  private final InMemoryRegistryStore store = new InMemoryRegistryStore();
  private final List<String> published = new CopyOnWriteArrayList<>();
  private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
  private final Nodes nodes = new Nodes();
  private final ExclusiveLock lock = new ExclusiveLock();
  private final ExclusiveLock.Holder admin = lock.holder("admin");
  private final Engine engine =
      new Engine(new Master(CONFIG, RegistryTables.EMPTY, false), store, traces, bugs::add);
  private final ApplicationUpdates updates = new ApplicationUpdates(() -> engine, nodes, traces);

  private Traces traces() {
    var properties = Util.createProperties();
    properties.setProperty("IceGrid.Registry.Trace.Application", "1");
    return new Traces(properties, logger);
  }

  @BeforeEach
  void start() {
    engine.start(
        MasterPeers.NONE,
        MasterLink.NONE,
        (before, after, events) -> events.forEach(event -> published.add(text(event))));
  }

  @AfterEach
  void stop() {
    engine.shutdown();
    assertThat(bugs).isEmpty();
  }

  @Test
  void whatIsAddedIsDeployedAsItWasGiven() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));

    ApplicationInfo info = info("App");
    assertThat(info.revision()).isEqualTo(1);
    assertThat(info.createUser()).isEqualTo("admin");
    assertThat(info.createTimeMillis()).isEqualTo(info.updateTimeMillis()).isPositive();
    assertThat(info.descriptor()).isEqualTo(described("App", "1", "s"));
    assertThat(store.load().findApplication("App")).isNotNull();
    assertThat(published).containsExactly("added App 1");
    assertThat(nodes.calls).containsExactly("synchronised [s-1]");
    assertThat(reason(updates.add(admin, application("App", "1", "t"))))
        .isEqualTo("application `App' already exists");
  }

  @Test
  void idsOfOthersAreRefusedBeforeAnyNodeIsAsked() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));
    nodes.calls.clear();

    assertThat(reason(updates.add(admin, application("Other", "1", "s"))))
        .isEqualTo("server `s-1' is already registered");
    done(updates.add(admin, application("Other", "1", "t")));
    nodes.calls.clear();
    assertThat(reason(updates.sync(admin, application("Other", "1", "s"), false)))
        .isEqualTo("server `s-1' is already registered");
    assertThat(nodes.calls).isEmpty();
  }

  @Test
  void updatesCountRevisionsAndPublishTheDifference() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));
    done(updates.sync(lock.holder("other"), application("App", "2", "s"), false));
    assertThat(info("App").revision()).isEqualTo(2);
    assertThat(info("App").createUser()).isEqualTo("admin");
    assertThat(info("App").updateUser()).isEqualTo("other");
    done(
        updates.update(
            admin,
            DescriptorWriter.update(
                ApplicationDiff.between(described("App", "2", "s"), described("App", "3", "s"))),
            true));
    done(updates.instantiate(admin, "App", "m", instance("9")));

    assertThat(info("App").revision()).isEqualTo(4);
    assertThat(info("App").descriptor().variables()).containsEntry("v", "3");
    assertThat(published)
        .containsExactly(
            "added App 1", "updated App 2 {v=2}", "updated App 3 {v=3}", "updated App 4 {}");
    assertThat(nodes.calls)
        .contains("withoutRestart App 3", "withoutRestart App 4", "check [s-1] noRestart=true")
        .doesNotContain("withoutRestart App 2");
    assertThat(engine.tables().deployment().serversOfNode("m")).hasSize(1);
  }

  @Test
  void whatNodesForbidIsNotDone() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));
    nodes.check = new UpdateCheck(List.of("the server `s-1' would need to be stopped"), List.of());

    assertThat(reason(updates.sync(admin, application("App", "2", "s"), true)))
        .isEqualTo(
            "check for application `App' update failed:\n"
                + "the server `s-1' would need to be stopped");
    assertThat(info("App").revision()).isEqualTo(1);
    assertThat(published).containsExactly("added App 1");
    assertThat(logger.lines())
        .contains(
            "Application: check for application `App' update failed:\n"
                + "the server `s-1' would need to be stopped");
  }

  @Test
  void whatANodeRefusesIsTakenBack() throws Exception {
    nodes.refusals = List.of("couldn't load `s-1' on node `n':\nno");
    assertThat(reason(updates.add(admin, application("App", "1", "s"))))
        .isEqualTo("couldn't load `s-1' on node `n':\nno");
    assertThat(engine.tables().findApplication("App")).isNull();

    nodes.refusals = List.of();
    done(updates.add(admin, application("App", "1", "s")));
    nodes.refusals = List.of("couldn't load `s-1' on node `n':\nno");
    assertThat(reason(updates.sync(admin, application("App", "2", "s"), false)))
        .isEqualTo("couldn't load `s-1' on node `n':\nno");

    assertThat(info("App").revision()).isEqualTo(3);
    assertThat(info("App").descriptor()).isEqualTo(described("App", "1", "s"));
    assertThat(published)
        .containsExactly(
            "added App 1",
            "removed App",
            "added App 1",
            "updated App 2 {v=2}",
            "updated App 3 {v=1}");
  }

  @Test
  void whatIsTakenBackRestartsNoServerEither() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));
    nodes.refusals = List.of("no");
    assertThat(reason(updates.sync(admin, application("App", "2", "s"), true))).isEqualTo("no");
    assertThat(info("App").revision()).isEqualTo(3);
    assertThat(nodes.calls).contains("withoutRestart App 2", "withoutRestart App 3");
  }

  @Test
  void aDatabaseThatCannotBeWrittenChangesNothing() throws Exception {
    store.failNext(InMemoryRegistryStore.Fault.FAIL);
    assertThat(reason(updates.add(admin, application("App", "1", "s"))))
        .startsWith("the database was not changed: ");
    assertThat(engine.tables().applications()).isEmpty();
    assertThat(published).isEmpty();
    done(updates.add(admin, application("App", "1", "s")));
  }

  @Test
  void removingWaitsForNodesButNotForTheirConsent() throws Exception {
    done(updates.add(admin, application("App", "1", "s")));
    nodes.refusals = List.of("couldn't unload `s-1' on node `n':\nno");
    done(updates.remove(admin, "App"));
    assertThat(engine.tables().applications()).isEmpty();
    assertThat(failure(updates.remove(admin, "App")))
        .isInstanceOf(ApplicationNotExistException.class);
    assertThat(failure(updates.sync(admin, application("App", "1", "s"), false)))
        .isInstanceOf(ApplicationNotExistException.class);
  }

  @Test
  void theLockIsLookedAtAgainWhenItIsOnesTurn() throws Exception {
    nodes.answer = new CompletableFuture<>();
    var first = updates.add(admin, application("App", "1", "s"));
    Eventually.await("the first has passed the lock", () -> !nodes.calls.isEmpty());
    var second = updates.remove(lock.holder("other"), "App");
    lock.holder("third").acquire();
    nodes.answer.complete(null);

    done(first);
    assertThat(failure(second))
        .isInstanceOfSatisfying(
            AccessDeniedException.class, e -> assertThat(e.lockUserId).isEqualTo("third"));
  }

  @Test
  void nodesWaitUntilAnUpdateIsReplicated() throws Exception {
    assertThat(updates.waitForReplication("uuid", 1).toCompletableFuture()).isCompleted();
    ReplicationWaits waits = new ReplicationWaits();
    waits.begin("uuid", 2);
    var waiting = waits.await("uuid", 2).toCompletableFuture();
    assertThat(waits.await("uuid", 1).toCompletableFuture()).isCompleted();
    assertThat(waiting).isNotDone();
    waits.end("uuid", 2);
    assertThat(waiting).isCompleted();
    assertThat(waits.await("uuid", 2).toCompletableFuture()).isCompleted();
  }

  @Test
  void whatCannotBeExpandedIsRefusedWithTheReason() {
    ApplicationDescriptor broken = application("App", "1", "${undefined}");
    assertThat(reason(updates.add(admin, broken))).contains("undefined");
  }

  private ApplicationInfo info(String name) {
    return requireNonNull(engine.tables().findApplication(name)).info();
  }

  private static void done(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(60, TimeUnit.SECONDS);
  }

  private static Throwable failure(CompletionStage<Void> stage) {
    try {
      done(stage);
    } catch (ExecutionException e) {
      return requireNonNull(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it was done");
  }

  private static String reason(CompletionStage<Void> stage) {
    Throwable failure = failure(stage);
    assertThat(failure).isInstanceOf(DeploymentException.class);
    return ((DeploymentException) failure).reason;
  }

  private static ApplicationDescriptor application(String name, String value, String server) {
    return DescriptorWriter.application(described(name, value, server));
  }

  /** One server, from a template, of which the id and an option are variable. */
  private static dev.firn.model.ApplicationDescriptor described(
      String name, String value, String server) {
    var template =
        new TemplateDescriptor<>(
            ServerDescriptor.builder(server + "-${index}", "exe").options(List.of("${v}")).build(),
            List.of("index"),
            SortedNames.empty());
    NodeDescriptor node =
        new NodeDescriptor(
            SortedNames.empty(),
            List.of(modelInstance("1")),
            List.of(),
            "",
            "",
            SortedNames.empty());
    var empty = dev.firn.model.ApplicationDescriptor.named(name);
    return new dev.firn.model.ApplicationDescriptor(
        name,
        SortedNames.copyOf(Map.of("v", value)),
        List.of(),
        SortedNames.copyOf(Map.of("T", template)),
        SortedNames.empty(),
        SortedNames.copyOf(Map.of("n", node)),
        empty.distrib(),
        "",
        SortedNames.empty());
  }

  private static ServerInstanceDescriptor modelInstance(String index) {
    return new ServerInstanceDescriptor(
        "T",
        SortedNames.copyOf(Map.of("index", index)),
        dev.firn.model.PropertySetDescriptor.EMPTY,
        SortedNames.empty());
  }

  private static com.zeroc.IceGrid.ServerInstanceDescriptor instance(String index) {
    return DescriptorWriter.serverInstance(modelInstance(index));
  }

  private static String text(RegistryEvent event) {
    if (event instanceof RegistryEvent.ApplicationAdded added) {
      return "added " + added.entry().name() + " " + added.entry().info().revision();
    } else if (event instanceof RegistryEvent.ApplicationUpdated updated) {
      return "updated "
          + updated.entry().name()
          + " "
          + updated.entry().info().revision()
          + " "
          + updated.update().variables();
    } else if (event instanceof RegistryEvent.ApplicationRemoved removed) {
      return "removed " + removed.name();
    }
    return event.toString();
  }

  /** Says what it is told to, and remembers what it was asked. */
  private static final class Nodes implements DeployedServers {
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private volatile UpdateCheck check = UpdateCheck.ALLOWED;
    private volatile List<String> refusals = List.of();
    private volatile CompletableFuture<Void> answer = CompletableFuture.completedFuture(null);

    @Override
    public CompletionStage<UpdateCheck> check(
        UpdatePlan plan, ApplicationInfo after, boolean noRestart) {
      List<String> changed = new ArrayList<>();
      plan.changes().forEach(change -> changed.add(change.server()));
      calls.add("check " + changed + " noRestart=" + noRestart);
      return CompletableFuture.completedFuture(check);
    }

    @Override
    public void withoutRestart(String application, String uuid, int revision) {
      calls.add("withoutRestart " + application + " " + revision);
    }

    @Override
    public CompletionStage<List<String>> synchronised(Collection<String> serverIds) {
      calls.add("synchronised " + serverIds);
      return answer.thenApply(done -> refusals);
    }

    @Override
    public CompletionStage<Void> assign(String serverId, String sessionId) {
      // Only allocation does.
      throw new AssertionError("assigned to a session");
    }
  }
}
