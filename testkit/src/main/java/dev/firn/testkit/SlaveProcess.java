package dev.firn.testkit;

import dev.firn.model.Command;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Input;
import dev.firn.replication.Input.ConnectFailure;
import dev.firn.replication.Output;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.SessionId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A registry running as a slave. */
final class SlaveProcess extends RegistryProcess {
  private static final long REGISTER_TIMEOUT_MILLIS = 800;
  private static final long CALL_TIMEOUT_MILLIS = 1_000;

  private final Map<Topic, Map<Integer, PushedUpdate>> received = new EnumMap<>(Topic.class);
  private long attempt;
  private int masterIndex;
  private long masterIncarnation;
  private @Nullable SessionId session;
  private @Nullable Lineage attemptLineage;
  private @Nullable Lineage synchronising;
  private boolean following;
  private int databaseRefusals;

  SlaveProcess(Simulation simulation, Machine machine, Core core) {
    super(simulation, machine, core);
    Lineage lineage = machine.lineage();
    if (lineage != null) {
      lineage.requireMoment(core.tables(), machine.name() + " at its start");
    }
  }

  @Override
  void start() {
    super.start();
    takeRole(new Command.BecomeReplica());
  }

  /** Whether it believes to have a complete session with this process. */
  boolean follows(RegistryProcess master) {
    return following
        && masterIndex == master.machine().index()
        && masterIncarnation == master.incarnation();
  }

  /** How often its database was found newer than the master's. */
  int databaseRefusals() {
    return databaseRefusals;
  }

  @Override
  void handle(Request request, Consumer<Optional<Answer>> respond) {
    if (request instanceof Request.Update update) {
      if (update.attempt() == attempt && session != null) {
        attemptLineage = update.lineage();
        received
            .computeIfAbsent(update.update().event().topic(), topic -> new TreeMap<>())
            .put(update.update().serial(), update.update());
        give(new Input.UpdateReceived(attempt, update.update()));
        respond.accept(Optional.of(new Answer.Done()));
      } else if (update.attempt() != attempt && simulation().random().nextBoolean()) {
        // Its observer exists no more, but this dispatch had begun before.
        give(new Input.UpdateReceived(update.attempt(), update.update()));
        respond.accept(Optional.of(new Answer.Done()));
      } else {
        respond.accept(Optional.empty());
      }
    } else if (request instanceof Request.RegisterWithReplica) {
      give(new Input.MasterAppeared(request(answer -> respond.accept(Optional.of(answer)))));
    } else if (request instanceof Request.Ping) {
      respond.accept(Optional.of(new Answer.Done()));
    } else {
      respond.accept(Optional.empty()); // only a master gives sessions
    }
  }

  /** The process on the other side of the session died, and its connections were closed. */
  void peerDied(Machine peer, long incarnation) {
    if (session != null && masterIndex == peer.index() && masterIncarnation == incarnation) {
      give(new Input.MasterLost(attempt, "connection closed"));
    }
  }

  @Override
  void inspect(List<Output> outputs) {}

  @Override
  void beforeSync(List<RowChange> rows) {
    boolean whole =
        rows.contains(new RowChange.ClearTable(Topic.APPLICATIONS))
            && rows.contains(new RowChange.ClearTable(Topic.ADAPTERS))
            && rows.contains(new RowChange.ClearTable(Topic.OBJECTS));
    synchronising = whole ? attemptLineage : null;
  }

  @Override
  void durable(List<RowChange> rows) {
    if (synchronising != null) {
      machine().lineage(synchronising);
    }
  }

  @Override
  public void publish(RegistryTables tables, List<RegistryEvent> events) {
    super.publish(tables, events);
    Lineage lineage = machine().lineage();
    if (lineage != null) {
      lineage.requireMoment(tables, toString());
    }
  }

  @Override
  public void connect(long number) {
    attempt = number;
    session = null;
    attemptLineage = null;
    received.clear();
    List<Integer> candidates = new ArrayList<>();
    candidates.add(masterIndex);
    for (int other = 0; other < simulation().machineCount(); other++) {
      if (other != masterIndex) {
        candidates.add(other);
      }
    }
    candidates.remove(Integer.valueOf(machine().index()));
    register(number, candidates);
  }

  private void register(long number, List<Integer> candidates) {
    if (candidates.isEmpty()) {
      failed(number, ConnectFailure.UNREACHABLE, "failed to get replica proxy");
      return;
    }
    int candidate = candidates.get(0);
    List<Integer> others = candidates.subList(1, candidates.size());
    Machine target = simulation().machine(candidate);
    RegistryProcess process = target.process();
    long incarnation = process == null ? 0 : process.incarnation();
    ReplicaInfo info =
        new ReplicaInfo(
            machine().name(),
            "host",
            machine().name() + ":" + (simulation().portsAreFixed() ? 1 : incarnation()),
            simulation().portsAreFixed() ? Optional.empty() : Optional.of(this.toString()));
    call(
        candidate,
        incarnation,
        new Request.Register(info, new Request.Peer(machine().index(), incarnation(), number)),
        REGISTER_TIMEOUT_MILLIS,
        answer -> {
          Answer got = answer.orElse(null);
          if (got instanceof Answer.SessionCreated created) {
            registered(number, candidate, incarnation, created.session());
          } else if (got instanceof Answer.ReplicaActive active) {
            failed(number, ConnectFailure.NAME_IN_USE, active.name());
          } else if (attempt == number) {
            register(number, others);
          }
        });
  }

  private void registered(long number, int target, long incarnation, SessionId created) {
    if (attempt != number) {
      destroy(target, incarnation, created);
      return;
    }
    masterIndex = target;
    masterIncarnation = incarnation;
    session = created;
    long timeoutMillis = simulation().config().sessionTimeoutMillis();
    give(new Input.SessionEstablished(number, timeoutMillis));
    Map<String, Long> serials = new TreeMap<>();
    for (Topic topic : Topic.values()) {
      serials.put(topic.key(), published().serials().of(topic));
    }
    call(
        target,
        incarnation,
        new Request.Subscribe(created, serials, published().epoch().number()),
        3 * simulation().config().ackTimeoutMillis(),
        answer -> subscribed(number, answer.orElse(null)));
  }

  private void subscribed(long number, @Nullable Answer answer) {
    if (attempt != number) {
      return;
    }
    if (answer instanceof Answer.Done) {
      databaseRefusals = 0;
      give(new Input.Subscribed(number));
    } else if (answer instanceof Answer.DatabaseRefused refused) {
      if (refused.reason().contains("contains earlier updates")) {
        databaseRefusals++;
      }
      failed(number, ConnectFailure.DATABASE_REFUSED, refused.reason());
    } else {
      failed(number, ConnectFailure.UNREACHABLE, "subscription: " + answer);
    }
  }

  private void failed(long number, ConnectFailure failure, String reason) {
    if (attempt == number) {
      give(new Input.ConnectFailed(number, failure, reason));
    }
  }

  @Override
  public void keepAlive(long number) {
    if (session != null) {
      call(
          masterIndex,
          masterIncarnation,
          new Request.KeepAlive(session),
          CALL_TIMEOUT_MILLIS,
          answer -> {
            if (answer.isPresent() && answer.get() instanceof Answer.Done) {
              give(new Input.KeepAliveAnswered(number));
            } else {
              give(new Input.MasterLost(number, "keep-alive: " + answer));
            }
          });
    }
  }

  @Override
  public void acknowledge(long number, Topic topic, int serial, String failure) {
    if (failure.isEmpty()) {
      requireDurable(topic, serial);
    }
    if (session != null) {
      call(
          masterIndex,
          masterIncarnation,
          new Request.ReceivedUpdate(session, topic, serial, failure),
          CALL_TIMEOUT_MILLIS,
          answer -> {});
    }
  }

  private void requireDurable(Topic topic, int serial) {
    PushedUpdate update = received.getOrDefault(topic, new TreeMap<>()).get(serial);
    Violation.unless(
        update == null
            || update.dbSerial().orElse(0L) <= machine().disk().load().serials().of(topic),
        "%s acknowledges %s, which is not on its disk",
        this,
        update);
  }

  @Override
  public void disconnect(long number) {
    following = false;
    if (session != null) {
      destroy(masterIndex, masterIncarnation, session);
    }
    session = null;
    attempt = -number; // what is still under way for it is stale
  }

  private void destroy(int target, long incarnation, SessionId ended) {
    call(target, incarnation, new Request.Destroy(ended), CALL_TIMEOUT_MILLIS, answer -> {});
  }

  @Override
  public void masterUp(long number) {
    following = true;
    if (session != null) {
      call(
          masterIndex,
          masterIncarnation,
          new Request.RegisterWellKnown(
              session,
              List.of(
                  Values.object(Values.wellKnownId("Registry-" + machine().name()), toString()))),
          CALL_TIMEOUT_MILLIS,
          answer -> {});
    }
  }

  @Override
  public void masterDown() {
    submit(
        new Command.PublishWellKnown(
            List.of(Values.object(Values.wellKnownId("Query"), machine().name()))));
  }
}
