package dev.firn.testkit;

import dev.firn.model.Command;
import dev.firn.model.CommandResult;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import dev.firn.replication.Answer;
import dev.firn.replication.Input;
import dev.firn.replication.Output;
import dev.firn.replication.PushedUpdate;
import dev.firn.replication.ReplicaInfo;
import dev.firn.replication.SessionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A registry running as the master. */
final class MasterProcess extends RegistryProcess {
  private static final long PUSH_TIMEOUT_MILLIS = 1_500;
  private static final long PING_TIMEOUT_MILLIS = 800;

  private final Lineage lineage;
  private final Map<SessionId, Session> sessions = new TreeMap<>();
  private final Map<String, Request.Peer> registering = new TreeMap<>();
  private final List<ClientCommand> waiting = new ArrayList<>();
  private long publications;
  private boolean stopping;

  MasterProcess(Simulation simulation, Machine machine, Core core, Lineage lineage) {
    super(simulation, machine, core);
    this.lineage = lineage;
  }

  @Override
  void start() {
    super.start();
    lineage.resume(published());
    takeRole(new Command.BecomeMaster());
    publishEndpoints();
    for (int other = 0; other < simulation().machineCount(); other++) {
      if (other != machine().index()) {
        call(other, Calls.ANY, new Request.RegisterWithReplica(), 5_000, answer -> {});
      }
    }
  }

  /** A client's command. */
  ClientCommand execute(Command command) {
    ClientCommand submitted = new ClientCommand(command, simulation().agenda().nowMillis());
    waiting.add(submitted);
    submit(
        command,
        answer -> {
          waiting.remove(submitted);
          submitted.answered(answer);
          if (answer instanceof Answer.Done) {
            requireEverywhere(submitted);
            simulation().acknowledged(submitted);
          }
        });
    return submitted;
  }

  boolean owesAnswers() {
    return !waiting.isEmpty();
  }

  /** Since when the client that waits longest does. */
  long waitedMillis() {
    long nowMillis = simulation().agenda().nowMillis();
    return waiting.isEmpty() ? 0 : nowMillis - waiting.get(0).submittedMillis();
  }

  @Override
  void handle(Request request, Consumer<Optional<Answer>> respond) {
    Consumer<Answer> answer = a -> respond.accept(Optional.of(a));
    if (request instanceof Request.Register register) {
      registering.put(register.info().name(), register.peer());
      give(new Input.RegisterReplica(request(answer), register.info()));
    } else if (request instanceof Request.Subscribe subscribe) {
      give(
          new Input.Subscribe(
              request(answer),
              subscribe.session(),
              Optional.of(subscribe.serials()),
              Optional.of(subscribe.epochNumber())));
    } else if (request instanceof Request.RegisterWellKnown register) {
      give(new Input.RegisterWellKnown(request(answer), register.session(), register.entries()));
    } else if (request instanceof Request.KeepAlive keepAlive) {
      give(new Input.KeptAlive(keepAlive.session()));
      answer.accept(ifAlive(keepAlive.session()));
    } else if (request instanceof Request.ReceivedUpdate received) {
      Session session = sessions.get(received.session());
      if (session != null && !received.failure().isEmpty()) {
        session.failed = true;
      }
      give(
          new Input.Acknowledged(
              received.session(), received.topic(), received.serial(), received.failure()));
      answer.accept(new Answer.Done());
    } else if (request instanceof Request.Destroy destroy) {
      give(new Input.DestroySession(destroy.session()));
      answer.accept(new Answer.Done());
    } else if (request instanceof Request.RegisterWithReplica) {
      give(new Input.MasterAppeared(request(answer)));
    } else {
      respond.accept(Optional.empty());
    }
  }

  private Answer ifAlive(SessionId session) {
    return sessions.containsKey(session) ? new Answer.Done() : new Answer.NoSession();
  }

  @Override
  void shutDown() {
    stopping = true; // callers are released without waiting for slaves
    super.shutDown();
  }

  /** A process on the other side of this session died, and its connections were closed. */
  void peerDied(Machine peer, long incarnation) {
    for (Map.Entry<SessionId, Session> entry : List.copyOf(sessions.entrySet())) {
      Session session = entry.getValue();
      if (session.peer.machine() == peer.index() && session.peer.incarnation() == incarnation) {
        give(new Input.ReplicaDisconnected(entry.getKey()));
      }
    }
  }

  @Override
  void inspect(List<Output> outputs) {
    for (Output output : outputs) {
      if (output instanceof Output.ReplicaDown down) {
        sessions.remove(down.session()); // before the replies that its end releases
      }
    }
  }

  @Override
  void durable(List<RowChange> rows) {}

  @Override
  public void publish(RegistryTables tables, List<RegistryEvent> events) {
    super.publish(tables, events);
    lineage.published(tables, events);
    publications++;
    if (!events.isEmpty()) {
      for (ClientCommand command : waiting) {
        if (!command.isPublished() && command.explains(events)) {
          command.published(lineage, publications, tables.serials().of(command.topic()));
          break;
        }
      }
    }
  }

  @Override
  public void push(SessionId id, PushedUpdate update) {
    Session session = sessions.get(id);
    Violation.unless(session != null, "%s pushes to ended session %s", this, id);
    if (session == null) {
      return;
    }
    Violation.unless(!session.pushing, "%s has two pushes under way to %s", this, session.peer);
    Topic topic = update.event().topic();
    Violation.unless(
        update.dbSerial().orElse(0L) <= published().serials().of(topic),
        "%s pushes %s before it was published",
        this,
        update);
    session.pushing = true;
    if (session.subscribedAt < 0) {
      session.subscribedAt = publications;
    }
    Request.Peer peer = session.peer;
    call(
        peer.machine(),
        peer.incarnation(),
        new Request.Update(peer.attempt(), update, lineage),
        PUSH_TIMEOUT_MILLIS,
        answer -> {
          session.pushing = false;
          if (sessions.containsKey(id)) {
            give(
                answer.isPresent()
                    ? new Input.PushDelivered(id)
                    : new Input.PushFailed(id, "no answer"));
          }
        });
  }

  @Override
  public void ping(SessionId id) {
    Session session = sessions.get(id);
    if (session != null) {
      call(
          session.peer.machine(),
          simulation().portsAreFixed() ? Calls.ANY : session.peer.incarnation(),
          new Request.Ping(),
          PING_TIMEOUT_MILLIS,
          answer -> give(new Input.PingAnswered(id, answer.isPresent())));
    }
  }

  @Override
  public void replicaUp(SessionId id, ReplicaInfo info) {
    sessions.put(id, new Session(info.name(), peerOf(info.name())));
    publishEndpoints();
  }

  @Override
  public void replicaDown(SessionId id, ReplicaInfo info, List<ObjectId> wellKnown) {
    publishEndpoints();
  }

  private Request.Peer peerOf(String name) {
    Request.Peer peer = registering.get(name);
    if (peer == null) {
      throw new IllegalStateException(this + " knows no peer " + name);
    }
    return peer;
  }

  /** The object that carries the endpoints of all replicas. */
  private void publishEndpoints() {
    StringBuilder names = new StringBuilder("Master");
    sessions.values().forEach(session -> names.append(':').append(session.name));
    submit(
        new Command.PublishWellKnown(
            List.of(Values.object(Values.wellKnownId("Query"), names.toString()))));
  }

  /** What a client was told to be done is durable here and on every slave that was connected. */
  private void requireEverywhere(ClientCommand command) {
    if (!command.isPublished()) {
      requireDoneAlready(command);
      return;
    }
    requireOn(machine(), command);
    if (stopping) {
      return;
    }
    for (Session session : sessions.values()) {
      boolean awaited =
          session.subscribedAt >= 0
              && session.subscribedAt < command.publication()
              && !session.failed;
      Machine slave = simulation().machine(session.peer.machine());
      if (awaited && !slave.wasWipedSince(session.peer.incarnation())) {
        requireOn(slave, command);
        command.holders().add(slave.index());
      }
    }
  }

  /** What was answered without being published has nothing left to do. */
  private void requireDoneAlready(ClientCommand command) {
    Violation.unless(
        command.command().applyTo(published()) instanceof CommandResult.Applied applied
            && applied.rows().isEmpty(),
        "%s told a client that %s is done, but it is not",
        this,
        command);
  }

  private void requireOn(Machine holder, ClientCommand command) {
    Violation.unless(
        holder.lineage() == lineage
            && holder.disk().load().serials().of(command.topic()) >= command.serial(),
        "%s told a client that %s is done, but %s has %s",
        this,
        command,
        holder.name(),
        holder.disk().load().serials());
  }

  /** What is known of a slave's session from outside the core. */
  private static final class Session {
    private final String name;
    private final Request.Peer peer;
    private long subscribedAt = -1;
    private boolean pushing;
    private boolean failed;

    Session(String name, Request.Peer peer) {
      this.name = name;
      this.peer = peer;
    }
  }
}
