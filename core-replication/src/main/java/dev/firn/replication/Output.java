package dev.firn.replication;

import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import java.util.List;

/** What a {@link Master} or {@link Slave} wants done. Performed in list order. */
public sealed interface Output {
  void perform(Host host);

  // Both roles.

  /**
   * Write these rows durably, then give {@link Input.Persisted} or {@link Input.PersistFailed}
   * before any other input. The last output of its list, and at most one is outstanding.
   */
  record Persist(List<RowChange> rows) implements Output {
    public Persist {
      rows = List.copyOf(rows);
    }

    @Override
    public void perform(Host host) {
      host.persist(rows);
    }
  }

  /** From now on readers see these tables; observers are told the events. */
  record Publish(RegistryTables tables, List<RegistryEvent> events) implements Output {
    public Publish {
      events = List.copyOf(events);
    }

    @Override
    public void perform(Host host) {
      host.publish(tables, events);
    }
  }

  record Reply(RequestId request, Answer answer) implements Output {
    @Override
    public void perform(Host host) {
      host.reply(request, answer);
    }
  }

  /** A state change worth a line in the log. */
  record Report(Severity severity, String message) implements Output {
    @Override
    public void perform(Host host) {
      host.report(severity, message);
    }
  }

  // Master.

  /** Find out whether the process behind this session still answers. */
  record Ping(SessionId session) implements Output {
    @Override
    public void perform(Host host) {
      host.ping(session);
    }
  }

  /** Send an update; one is under way per session, the core waits for its end. */
  record Push(SessionId session, PushedUpdate update) implements Output {
    @Override
    public void perform(Host host) {
      host.push(session, update);
    }
  }

  /** A slave has a session. */
  record ReplicaUp(SessionId session, ReplicaInfo info) implements Output {
    @Override
    public void perform(Host host) {
      host.replicaUp(session, info);
    }
  }

  /**
   * A slave's session is over.
   *
   * @param wellKnown what the slave had published; the core withdraws it by itself
   */
  record ReplicaDown(SessionId session, ReplicaInfo info, List<ObjectId> wellKnown)
      implements Output {
    public ReplicaDown {
      wellKnown = List.copyOf(wellKnown);
    }

    @Override
    public void perform(Host host) {
      host.replicaDown(session, info, wellKnown);
    }
  }

  // Slave.

  /** Find the master, ask it for a session, subscribe. Attempts are numbered. */
  record Connect(long attempt) implements Output {
    @Override
    public void perform(Host host) {
      host.connect(attempt);
    }
  }

  record KeepAlive(long attempt) implements Output {
    @Override
    public void perform(Host host) {
      host.keepAlive(attempt);
    }
  }

  /** Tell the master that an update was applied, or why not. */
  record Acknowledge(long attempt, Topic topic, int serial, String failure) implements Output {
    @Override
    public void perform(Host host) {
      host.acknowledge(attempt, topic, serial, failure);
    }
  }

  /** Give up the session of this attempt, if there is one; what it still brings is stale. */
  record Disconnect(long attempt) implements Output {
    @Override
    public void perform(Host host) {
      host.disconnect(attempt);
    }
  }

  /** The session is complete: publish endpoints and well-known objects to the master. */
  record MasterUp(long attempt) implements Output {
    @Override
    public void perform(Host host) {
      host.masterUp(attempt);
    }
  }

  /** There is no master: publish the own well-known objects locally. */
  record MasterDown() implements Output {
    @Override
    public void perform(Host host) {
      host.masterDown();
    }
  }

  /** How much a {@link Report} matters; traces are levels of the Replica trace property. */
  enum Severity {
    ERROR,
    WARNING,
    TRACE_1,
    TRACE_2,
    TRACE_3
  }
}
