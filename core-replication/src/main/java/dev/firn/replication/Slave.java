package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.CommandResult.Applied;
import dev.firn.model.RegistryTables;
import dev.firn.model.Rejection;
import java.util.ArrayList;
import java.util.List;

/**
 * A slave: follows a master, and keeps what it got when there is none.
 *
 * <p>Attempts to get a session are numbered; whatever carries the number of an attempt that was
 * given up is stale and ignored. The host ends every {@link Output.Connect} with {@link
 * Input.Subscribed} or {@link Input.ConnectFailed}.
 *
 * <table>
 * <caption>Transitions</caption>
 * <tr><th>State</th><th>Input</th><th>Next</th><th>What happens</th></tr>
 * <tr><td>DISCONNECTED</td><td>Tick when due, first at once; MasterAppeared</td>
 *     <td>CONNECTING</td><td>Connect with a new number</td></tr>
 * <tr><td>CONNECTING</td><td>SessionEstablished</td><td>CONNECTING</td>
 *     <td>keep-alives begin</td></tr>
 * <tr><td>CONNECTING</td><td>Subscribed</td><td>CONNECTED</td><td>MasterUp</td></tr>
 * <tr><td>CONNECTING</td><td>ConnectFailed, MasterLost, lost or unknown update, PersistFailed,
 *     unanswered keep-alive</td>
 *     <td>DISCONNECTED</td><td>Disconnect; MasterDown, once; again after a period</td></tr>
 * <tr><td>CONNECTED</td><td>MasterLost, lost or unknown update, PersistFailed, unanswered
 *     keep-alive</td>
 *     <td>CONNECTING</td><td>Disconnect, Connect; if the last attempt began less than a period
 *     ago: DISCONNECTED until then</td></tr>
 * <tr><td>CONNECTED</td><td>MasterAppeared</td><td>CONNECTED</td><td>KeepAlive</td></tr>
 * <tr><td>CONNECTING, CONNECTED</td><td>Tick after half the session time-out</td><td>same</td>
 *     <td>KeepAlive</td></tr>
 * <tr><td>CONNECTING, CONNECTED</td><td>UpdateReceived</td><td>same</td>
 *     <td>Persist, Publish, Acknowledge; the three snapshots together</td></tr>
 * <tr><td>any</td><td>an input of an attempt given up</td><td>same</td><td>nothing</td></tr>
 * <tr><td>any</td><td>Shutdown</td><td>STOPPED</td><td>Disconnect</td></tr>
 * </table>
 */
public final class Slave implements Replica {
  private final ReplicationConfig config;
  private final Outputs outputs = new Outputs();
  private final WritePath writes;
  private final ConnectSchedule schedule;
  private final RepeatedReports failures = new RepeatedReports(outputs);
  private final List<RequestId> appeared = new ArrayList<>();
  private final KeepAlives keepAlives = new KeepAlives();
  private State state = State.DISCONNECTED;
  private UpdateStream updates;
  private long attempt;
  private boolean masterDownTold;
  private boolean connectDeferred;
  private long nowMillis;

  private enum State {
    DISCONNECTED,
    CONNECTING,
    CONNECTED,
    STOPPED
  }

  public Slave(ReplicationConfig config, RegistryTables tables) {
    this.config = config;
    this.writes = new WritePath(outputs, tables);
    this.schedule = new ConnectSchedule(config);
    this.updates = new UpdateStream(config.pushQueueMax());
  }

  @Override
  public List<Output> step(long nowMillis, Input input) {
    this.nowMillis = nowMillis;
    take(input);
    if (state != State.STOPPED) {
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
      connectIfDeferred();
    } else if (input instanceof Input.PersistFailed failed) {
      writes.persistFailed(failed.reason());
      connectIfDeferred();
    } else if (input instanceof Input.Tick) {
      tick();
    } else if (input instanceof Input.Shutdown) {
      shutDown();
    } else if (input instanceof Input.MasterAppeared masterAppeared) {
      masterAppeared(masterAppeared.request());
    } else if (input instanceof Input.SessionEstablished established) {
      if (isCurrent(established.attempt())) {
        require(State.CONNECTING, input);
        keepAlives.start(nowMillis, established.sessionTimeoutMillis());
      }
    } else if (input instanceof Input.Subscribed subscribed) {
      if (isCurrent(subscribed.attempt())) {
        require(State.CONNECTING, input);
        subscribed();
      }
    } else if (input instanceof Input.ConnectFailed failed) {
      if (isCurrent(failed.attempt())) {
        require(State.CONNECTING, input);
        connectFailed(failed.failure(), failed.reason());
      }
    } else if (input instanceof Input.KeepAliveAnswered answered) {
      if (isCurrent(answered.attempt())) {
        keepAliveAnswered();
      }
    } else if (input instanceof Input.MasterLost lost) {
      if (isCurrent(lost.attempt())) {
        drop(lost.reason());
      }
    } else if (input instanceof Input.UpdateReceived received) {
      if (isCurrent(received.attempt())) {
        updateReceived(received.update());
      }
    } else if (input instanceof Input.UnknownUpdateReceived unknown) {
      if (isCurrent(unknown.attempt())) {
        unknownUpdateReceived(unknown);
      }
    } else {
      throw new IllegalStateException("not a slave's input: " + input);
    }
  }

  private void submit(Input.Submit submit) {
    if (state == State.STOPPED) {
      outputs.reply(submit.request(), new Answer.NotDone(Input.shuttingDown()));
    } else if (!submit.command().isLocal()) {
      outputs.reply(
          submit.request(),
          new Answer.NotDone(new Rejection(Rejection.Reason.READ_ONLY, "replica")));
    } else {
      writes.submit(new LocalWrite(submit));
    }
  }

  private void tick() {
    if (state == State.DISCONNECTED) {
      if (schedule.isDue(nowMillis)) {
        connect();
      }
    } else if (state != State.STOPPED) {
      if (keepAlives.isOverdue(nowMillis)) {
        drop("no answer to a keep-alive for " + keepAlives.waitedMillis(nowMillis) + " ms");
      } else if (keepAlives.isDue(nowMillis)) {
        keepAlive();
      }
    }
  }

  /**
   * Begins an attempt, not while something is being written: a subscription tells the serials, and
   * these would rise behind its back.
   */
  private void connect() {
    connectDeferred = !writes.isIdle();
    if (!connectDeferred) {
      startAttempt();
    }
  }

  private void connectIfDeferred() {
    if (connectDeferred && state == State.DISCONNECTED) {
      connect();
    }
  }

  private void startAttempt() {
    attempt++;
    state = State.CONNECTING;
    updates = new UpdateStream(config.pushQueueMax());
    keepAlives.stop();
    schedule.started(nowMillis);
    outputs.report(Output.Severity.TRACE_2, "trying to establish session with master replica");
    outputs.add(new Output.Connect(attempt));
  }

  private void keepAlive() {
    keepAlives.sent(nowMillis);
    outputs.report(Output.Severity.TRACE_3, "sending keep alive message to master replica");
    outputs.add(new Output.KeepAlive(attempt));
  }

  private void keepAliveAnswered() {
    keepAlives.answered(nowMillis);
    if (state == State.CONNECTED) {
      answerAppeared();
    }
  }

  private void masterAppeared(RequestId request) {
    if (state == State.STOPPED) {
      outputs.reply(request, new Answer.Done());
      return;
    }
    appeared.add(request);
    if (state == State.DISCONNECTED) {
      connect();
    } else if (state == State.CONNECTED && !keepAlives.isAwaited()) {
      keepAlive();
    }
  }

  private void subscribed() {
    state = State.CONNECTED;
    masterDownTold = false;
    schedule.succeeded();
    failures.forget("master");
    outputs.report(Output.Severity.TRACE_1, "established session with master replica");
    outputs.add(new Output.MasterUp(attempt));
    answerAppeared();
  }

  private void connectFailed(Input.ConnectFailure failure, String reason) {
    outputs.report(
        Output.Severity.TRACE_1, "failed to establish session with master replica:\n" + reason);
    if (failure != Input.ConnectFailure.UNREACHABLE) {
      failures.error(nowMillis, "master", reason);
    }
    disconnect();
    schedule.failed(nowMillis, failure);
    if (!masterDownTold) {
      masterDownTold = true;
      outputs.add(new Output.MasterDown());
    }
    answerAppeared();
  }

  /** Gives up the session. */
  private void drop(String reason) {
    if (state == State.CONNECTING) {
      connectFailed(Input.ConnectFailure.UNREACHABLE, reason);
      return;
    }
    outputs.report(Output.Severity.TRACE_1, "lost session with master replica:\n" + reason);
    disconnect();
    schedule.lost(nowMillis);
    if (schedule.isDue(nowMillis) || !appeared.isEmpty()) {
      connect();
    }
  }

  private void disconnect() {
    state = State.DISCONNECTED;
    keepAlives.stop();
    outputs.add(new Output.Disconnect(attempt));
  }

  private void updateReceived(PushedUpdate update) {
    try {
      for (UpdateBatch batch : updates.take(update)) {
        writes.submit(new ReplicatedWrite(attempt, batch));
      }
    } catch (LostUpdateException e) {
      dropWithWarning("lost an update: " + e.getMessage());
    }
  }

  private void unknownUpdateReceived(Input.UnknownUpdateReceived unknown) {
    String failure = "cannot apply " + unknown.what();
    outputs.add(new Output.Acknowledge(attempt, unknown.topic(), unknown.serial(), failure));
    dropWithWarning(failure);
  }

  private void dropWithWarning(String reason) {
    outputs.report(Output.Severity.WARNING, reason + "; synchronizing again");
    drop(reason);
  }

  private void shutDown() {
    if (state == State.CONNECTED) {
      outputs.report(Output.Severity.TRACE_1, "destroyed master replica session");
    }
    if (state == State.CONNECTED || state == State.CONNECTING) {
      disconnect();
    }
    state = State.STOPPED;
    answerAppeared();
    writes.stop();
  }

  private void answerAppeared() {
    appeared.forEach(request -> outputs.reply(request, new Answer.Done()));
    appeared.clear();
  }

  private boolean isCurrent(long ofAttempt) {
    return ofAttempt == attempt && (state == State.CONNECTING || state == State.CONNECTED);
  }

  private void require(State expected, Input input) {
    if (state != expected) {
      throw new IllegalStateException(state + " but " + input);
    }
  }

  /** A command of this registry about itself. */
  private final class LocalWrite implements Write {
    private final Input.Submit submit;

    LocalWrite(Input.Submit submit) {
      this.submit = submit;
    }

    @Override
    public Command command() {
      return submit.command();
    }

    @Override
    public void done(Applied applied) {
      outputs.reply(submit.request(), new Answer.Done());
    }

    @Override
    public void notDone(Rejection rejection) {
      outputs.reply(submit.request(), new Answer.NotDone(rejection));
    }
  }

  /** What the master sent, to be applied as a whole. */
  private final class ReplicatedWrite implements Write {
    private final long ofAttempt;
    private final UpdateBatch batch;

    ReplicatedWrite(long ofAttempt, UpdateBatch batch) {
      this.ofAttempt = ofAttempt;
      this.batch = batch;
    }

    @Override
    public Command command() {
      return batch.command();
    }

    @Override
    public boolean isWanted() {
      return isCurrent(ofAttempt);
    }

    @Override
    public void done(Applied applied) {
      if (batch.isSynchronisation()) {
        masterDownTold = false; // the objects of this registry are gone with the old table
      }
      if (isWanted()) {
        batch.acknowledge(ofAttempt, "", outputs);
      }
    }

    @Override
    public void notDone(Rejection rejection) {
      if (isWanted()) {
        String failure = "cannot store an update of the master:\n" + rejection.subject();
        batch.acknowledge(ofAttempt, failure, outputs);
        failures.error(nowMillis, "store", failure);
        drop(failure);
      }
    }
  }
}
