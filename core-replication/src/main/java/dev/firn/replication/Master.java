package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.CommandResult.Applied;
import dev.firn.model.ObjectEntry;
import dev.firn.model.ObjectId;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection;
import java.util.List;
import java.util.Optional;

/**
 * The master: carries out commands and brings every change to the slaves.
 *
 * <p>A command is applied, made durable, published, pushed to every subscribed slave, and answered
 * when each of them has acknowledged it or lost its session. A slave that is silent, slow or cannot
 * be reached loses its session, so nobody waits longer than the time-outs of {@link
 * ReplicationConfig}; it comes back and gets the whole tables.
 *
 * <p>States of a slave's session:
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>State</th><th>Input</th><th>Next</th><th>What happens</th></tr>
 * <tr><td>none</td><td>RegisterReplica, name free</td><td>registered</td>
 *     <td>ReplicaUp, SessionCreated</td></tr>
 * <tr><td>any</td><td>RegisterReplica of its name, same process or same address</td>
 *     <td>ended, then registered</td><td>the old one ends, the new one is created</td></tr>
 * <tr><td>any</td><td>RegisterReplica of its name, otherwise</td><td>same</td>
 *     <td>Ping; reachable: ReplicaActive; unreachable: as above</td></tr>
 * <tr><td>registered</td><td>Subscribe, database not newer</td><td>subscribed</td>
 *     <td>three snapshots pushed; Done when acknowledged</td></tr>
 * <tr><td>registered</td><td>Subscribe, database newer</td><td>registered</td>
 *     <td>DatabaseRefused</td></tr>
 * <tr><td>registered</td><td>Subscribe, master read-only</td><td>registered</td><td>Done</td></tr>
 * <tr><td>subscribed</td><td>Subscribe</td><td>subscribed</td><td>DatabaseRefused</td></tr>
 * <tr><td>any</td><td>RegisterWellKnown</td><td>same</td>
 *     <td>written; Done when this slave, if subscribed, has acknowledged it</td></tr>
 * <tr><td>any</td><td>ReplicaDisconnected</td><td>same</td><td>Ping</td></tr>
 * <tr><td>any</td><td>DestroySession; PushFailed; PingAnswered unreachable; Tick after silence,
 *     after acknowledgements were held up; too many unsent updates</td><td>ended</td>
 *     <td>waits released, ReplicaDown, its well-known objects withdrawn</td></tr>
 * <tr><td>ended</td><td>anything</td><td>ended</td><td>NoSession, or a trace</td></tr>
 * </table>
 */
public final class Master implements Replica {
  private final boolean readOnly;
  private final Outputs outputs = new Outputs();
  private final Publisher publisher = new Publisher();
  private final RepeatedReports refusals = new RepeatedReports(outputs);
  private final WritePath writes;
  private final ReplicaSessions sessions;
  private long nowMillis;
  private boolean stopped;

  /**
   * @param readOnly whether administrators and servers may change nothing, and slaves keep their
   *     own tables
   */
  public Master(ReplicationConfig config, RegistryTables tables, boolean readOnly) {
    this.readOnly = readOnly;
    this.writes = new WritePath(outputs, tables);
    this.sessions = new ReplicaSessions(config, outputs, this::withdraw);
  }

  @Override
  public List<Output> step(long nowMillis, Input input) {
    this.nowMillis = nowMillis;
    if (stopped) {
      takeStopped(input);
    } else {
      take(input);
      writes.run();
    }
    return outputs.take();
  }

  @Override
  public RegistryTables tables() {
    return writes.tables();
  }

  private void take(Input input) {
    if (input instanceof Input.Submit submit) {
      submit(submit);
    } else if (input instanceof Input.Persisted) {
      writes.persisted();
    } else if (input instanceof Input.PersistFailed failed) {
      writes.persistFailed(failed.reason());
    } else if (input instanceof Input.Tick) {
      sessions.tick(nowMillis);
    } else if (input instanceof Input.Shutdown) {
      shutDown();
    } else if (input instanceof Input.RegisterReplica register) {
      sessions.register(register.request(), register.info(), nowMillis);
    } else if (input instanceof Input.PingAnswered answered) {
      withSession(
          answered.session(),
          "ping answer",
          session -> sessions.pingAnswered(session, answered.reachable(), nowMillis));
    } else if (input instanceof Input.Subscribe subscribe) {
      withSession(subscribe.session(), subscribe.request(), s -> subscribe(s, subscribe));
    } else if (input instanceof Input.RegisterWellKnown register) {
      withSession(register.session(), register.request(), s -> registerWellKnown(s, register));
    } else if (input instanceof Input.Acknowledged acknowledged) {
      withSession(acknowledged.session(), "acknowledgement", s -> acknowledged(s, acknowledged));
    } else if (input instanceof Input.KeptAlive kept) {
      withSession(kept.session(), "keep alive", this::keptAlive);
    } else if (input instanceof Input.PushDelivered delivered) {
      withSession(delivered.session(), "delivery", s -> s.delivered(nowMillis));
    } else if (input instanceof Input.PushFailed failed) {
      withSession(
          failed.session(),
          "failed delivery",
          session ->
              sessions.endBecause(
                  session, "cannot be updated (" + failed.reason() + ")", nowMillis));
    } else if (input instanceof Input.ReplicaDisconnected disconnected) {
      withSession(disconnected.session(), "lost connection", ReplicaSession::ping);
    } else if (input instanceof Input.DestroySession destroy) {
      withSession(destroy.session(), "destroy", s -> sessions.end(s, nowMillis));
    } else if (input instanceof Input.MasterAppeared appeared) {
      // Another master, or a confused one; the caller must not wait for ever.
      outputs.reply(appeared.request(), new Answer.Done());
    } else {
      throw new IllegalStateException("not a master's input: " + input);
    }
  }

  private void takeStopped(Input input) {
    if (input instanceof Input.Persisted) {
      writes.persisted();
    } else if (input instanceof Input.PersistFailed failed) {
      writes.persistFailed(failed.reason());
    } else if (input instanceof Input.Submit submit) {
      refuseStopped(submit.request());
    } else if (input instanceof Input.RegisterReplica register) {
      refuseStopped(register.request());
    } else if (input instanceof Input.Subscribe subscribe) {
      refuseStopped(subscribe.request());
    } else if (input instanceof Input.RegisterWellKnown register) {
      refuseStopped(register.request());
    } else if (input instanceof Input.MasterAppeared appeared) {
      outputs.reply(appeared.request(), new Answer.Done());
    }
  }

  private void refuseStopped(RequestId request) {
    outputs.reply(request, new Answer.NotDone(Input.shuttingDown()));
  }

  private void shutDown() {
    stopped = true;
    sessions.stop();
    writes.stop();
  }

  private void submit(Input.Submit submit) {
    Command command = submit.command();
    if (readOnly && !command.isLocal() && !(command instanceof Command.BecomeMaster)) {
      outputs.reply(
          submit.request(),
          new Answer.NotDone(new Rejection(Rejection.Reason.READ_ONLY, "master")));
    } else {
      writes.submit(new CallersWrite(submit.request(), command));
    }
  }

  private void subscribe(ReplicaSession session, Input.Subscribe subscribe) {
    session.heard(nowMillis);
    String name = session.info().name();
    if (readOnly) {
      outputs.reply(subscribe.request(), new Answer.Done());
    } else if (session.isSubscribed()) {
      outputs.reply(
          subscribe.request(),
          new Answer.DatabaseRefused("replica `%s' has subscribed already".formatted(name)));
    } else {
      Optional<String> refusal =
          SubscriptionCheck.refusal(tables(), name, subscribe.serials(), subscribe.epochNumber());
      if (refusal.isPresent()) {
        refusals.error(nowMillis, name, refusal.get());
        outputs.reply(subscribe.request(), new Answer.DatabaseRefused(refusal.get()));
      } else {
        refusals.forget(name);
        session.subscribe(
            publisher.snapshotsOf(tables()),
            new AckWait(subscribe.request(), new Answer.NoSession()),
            nowMillis);
      }
    }
  }

  private void registerWellKnown(ReplicaSession session, Input.RegisterWellKnown register) {
    session.heard(nowMillis);
    for (ObjectEntry entry : register.entries()) {
      session.wellKnown().add(entry.id());
    }
    writes.submit(new WellKnownWrite(session, register));
  }

  private void withdraw(String name, List<ObjectId> wellKnown) {
    writes.submit(new WithdrawalWrite(name, wellKnown));
  }

  private void acknowledged(ReplicaSession session, Input.Acknowledged acknowledged) {
    session.heard(nowMillis);
    if (!acknowledged.failure().isEmpty()) {
      outputs.report(
          Output.Severity.ERROR,
          "replication failed on replica `%s':\n%s"
              .formatted(session.info().name(), acknowledged.failure()));
    }
    session.acknowledged(acknowledged.topic(), acknowledged.serial(), nowMillis);
  }

  private void keptAlive(ReplicaSession session) {
    session.heard(nowMillis);
    outputs.report(Output.Severity.TRACE_3, "replica `" + session.info().name() + "' keep alive");
  }

  private void push(Applied applied, Publisher.Awaited awaited) {
    publisher.push(applied, sessions.all(), awaited, nowMillis);
  }

  private void withSession(SessionId id, RequestId request, SessionAction action) {
    ReplicaSession session = sessions.find(id);
    if (session == null) {
      outputs.reply(request, new Answer.NoSession());
    } else {
      action.take(session);
    }
  }

  private void withSession(SessionId id, String what, SessionAction action) {
    ReplicaSession session = sessions.find(id);
    if (session == null) {
      outputs.report(
          Output.Severity.TRACE_3, "ignored " + what + " of ended replica session " + id);
    } else {
      action.take(session);
    }
  }

  private interface SessionAction {
    void take(ReplicaSession session);
  }

  /** A caller's command: answered when every slave has it. */
  private final class CallersWrite implements Write {
    private final RequestId request;
    private final Command command;

    CallersWrite(RequestId request, Command command) {
      this.request = request;
      this.command = command;
    }

    @Override
    public Command command() {
      return command;
    }

    @Override
    public void done(Applied applied) {
      AckWait wait = new AckWait(request, new Answer.Done());
      push(applied, session -> wait);
      wait.answerIfComplete(outputs);
      sessions.endOverfull(nowMillis);
    }

    @Override
    public void notDone(Rejection rejection) {
      outputs.reply(request, new Answer.NotDone(rejection));
    }
  }

  /** What a slave publishes about itself: answered when that slave has it. */
  private final class WellKnownWrite implements Write {
    private final ReplicaSession owner;
    private final Input.RegisterWellKnown register;

    WellKnownWrite(ReplicaSession owner, Input.RegisterWellKnown register) {
      this.owner = owner;
      this.register = register;
    }

    @Override
    public Command command() {
      return new Command.PublishWellKnown(register.entries());
    }

    @Override
    public boolean isWanted() {
      boolean wanted = isAlive();
      if (!wanted) {
        outputs.reply(register.request(), new Answer.NoSession());
      }
      return wanted;
    }

    @Override
    public void done(Applied applied) {
      AckWait wait = new AckWait(register.request(), new Answer.NoSession());
      push(applied, session -> session.id().equals(owner.id()) ? wait : null);
      if (isAlive()) {
        wait.answerIfComplete(outputs);
      } else {
        outputs.reply(register.request(), new Answer.NoSession());
      }
      sessions.endOverfull(nowMillis);
    }

    @Override
    public void notDone(Rejection rejection) {
      outputs.reply(register.request(), new Answer.NotDone(rejection));
    }

    private boolean isAlive() {
      return sessions.find(owner.id()) != null;
    }
  }

  /** Removes what an ended session had published; nobody waits. */
  private final class WithdrawalWrite implements Write {
    private final String name;
    private final List<ObjectId> wellKnown;

    WithdrawalWrite(String name, List<ObjectId> wellKnown) {
      this.name = name;
      this.wellKnown = wellKnown;
    }

    @Override
    public Command command() {
      return new Command.WithdrawWellKnown(wellKnown);
    }

    @Override
    public void done(Applied applied) {
      push(applied, session -> null);
      sessions.endOverfull(nowMillis);
    }

    @Override
    public void notDone(Rejection rejection) {
      if (!stopped) {
        outputs.report(
            Output.Severity.ERROR,
            "cannot remove the well-known objects of replica `%s':\n%s"
                .formatted(name, rejection.subject()));
      }
    }
  }
}
