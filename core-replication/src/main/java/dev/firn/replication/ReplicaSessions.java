package dev.firn.replication;

import dev.firn.model.ObjectId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The slaves that have a session with this master: who gets one, and when it ends. */
final class ReplicaSessions {
  private final ReplicationConfig config;
  private final Outputs outputs;
  private final Withdrawals withdrawals;
  private final Map<SessionId, ReplicaSession> byId = new TreeMap<>();
  private final Map<String, ReplicaSession> byName = new TreeMap<>();
  private long lastId;

  ReplicaSessions(ReplicationConfig config, Outputs outputs, Withdrawals withdrawals) {
    this.config = config;
    this.outputs = outputs;
    this.withdrawals = withdrawals;
  }

  /** Null if the session is over, or never was. */
  @Nullable ReplicaSession find(SessionId id) {
    return byId.get(id);
  }

  /** All sessions, oldest first. */
  Collection<ReplicaSession> all() {
    return List.copyOf(byId.values());
  }

  /** Creates a session, or finds out first whether the name is free. */
  void register(RequestId request, ReplicaInfo info, long nowMillis) {
    ReplicaSession old = byName.get(info.name());
    if (old == null) {
      create(request, info, nowMillis);
    } else if (isSamePlace(old.info(), info)) {
      end(old, nowMillis);
      create(request, info, nowMillis);
    } else {
      old.contend(request, info);
    }
  }

  /** The answer to a ping of a session that may be dead. */
  void pingAnswered(ReplicaSession session, boolean reachable, long nowMillis) {
    if (!reachable) {
      end(session, nowMillis);
    } else {
      for (ReplicaSession.Contender contender : session.endPing()) {
        outputs.reply(contender.request(), new Answer.ReplicaActive(contender.info().name()));
      }
    }
  }

  /** Ends sessions that do not keep up. */
  void endOverfull(long nowMillis) {
    for (ReplicaSession session : all()) {
      if (session.unsentCount() > config.pushQueueMax()) {
        endBecause(
            session,
            "has %d unsent updates (limit %d)"
                .formatted(session.unsentCount(), config.pushQueueMax()),
            nowMillis);
      }
    }
  }

  /** Ends sessions that were silent or hold up acknowledgements for too long. */
  void tick(long nowMillis) {
    for (ReplicaSession session : all()) {
      long silentMillis = nowMillis - session.heardAtMillis();
      long owesMillis = nowMillis - session.owesSinceMillis(nowMillis);
      if (silentMillis > config.sessionTimeoutMillis()) {
        endBecause(
            session,
            "was silent for %d ms (limit %d ms)"
                .formatted(silentMillis, config.sessionTimeoutMillis()),
            nowMillis);
      } else if (owesMillis > config.ackTimeoutMillis()) {
        endBecause(
            session,
            "held up acknowledgements for %d ms (limit %d ms; %d sent, %d unsent)"
                .formatted(
                    owesMillis,
                    config.ackTimeoutMillis(),
                    session.unacknowledgedCount(),
                    session.unsentCount()),
            nowMillis);
      }
    }
  }

  void endBecause(ReplicaSession session, String reason, long nowMillis) {
    outputs.report(
        Output.Severity.WARNING,
        "replica `%s' %s: its session ends, it has to synchronize again"
            .formatted(session.info().name(), reason));
    end(session, nowMillis);
  }

  /** Ends a session: nobody waits for it any more, its objects go, its name is free. */
  void end(ReplicaSession session, long nowMillis) {
    byId.remove(session.id());
    byName.remove(session.info().name());
    session.release();
    List<ObjectId> wellKnown = List.copyOf(session.wellKnown());
    outputs.report(Output.Severity.TRACE_1, "replica `%s' down".formatted(session.info().name()));
    outputs.add(new Output.ReplicaDown(session.id(), session.info(), wellKnown));
    if (!wellKnown.isEmpty()) {
      withdrawals.withdraw(session.info().name(), wellKnown);
    }
    for (ReplicaSession.Contender contender : session.endPing()) {
      register(contender.request(), contender.info(), nowMillis);
    }
  }

  /** The master ends: who waits is released, everything else stays as it is. */
  void stop() {
    for (ReplicaSession session : byId.values()) {
      session.release();
      for (ReplicaSession.Contender contender : session.endPing()) {
        outputs.reply(contender.request(), new Answer.NotDone(Input.shuttingDown()));
      }
    }
    byId.clear();
    byName.clear();
  }

  /**
   * Whether the old session cannot belong to another live process: it is the same process, or its
   * address now belongs to the new one.
   */
  private static boolean isSamePlace(ReplicaInfo old, ReplicaInfo now) {
    Optional<String> bootId = now.bootId();
    return old.proxy().equals(now.proxy()) || (bootId.isPresent() && bootId.equals(old.bootId()));
  }

  private void create(RequestId request, ReplicaInfo info, long nowMillis) {
    lastId++;
    ReplicaSession session = new ReplicaSession(new SessionId(lastId), info, nowMillis, outputs);
    byId.put(session.id(), session);
    byName.put(info.name(), session);
    outputs.report(Output.Severity.TRACE_1, "replica `%s' up".formatted(info.name()));
    outputs.add(new Output.ReplicaUp(session.id(), info));
    outputs.reply(request, new Answer.SessionCreated(session.id()));
  }

  /** Removes what an ended session had published. */
  interface Withdrawals {
    void withdraw(String name, List<ObjectId> wellKnown);
  }
}
