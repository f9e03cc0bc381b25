package dev.firn.replication;

import dev.firn.model.Command;
import dev.firn.model.ObjectEntry;
import dev.firn.model.Rejection;
import dev.firn.model.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What happens to a {@link Master} or {@link Slave}. */
public sealed interface Input {
  // Both roles.

  /** A caller wants a command carried out. A slave takes only local ones. */
  record Submit(RequestId request, Command command) implements Input {}

  /** The rows of the last {@link Output.Persist} are durable. */
  record Persisted() implements Input {}

  /** The rows of the last {@link Output.Persist} could not be written; nothing was. */
  record PersistFailed(String reason) implements Input {}

  /** Time passed; to be given at least every 100 ms. */
  record Tick() implements Input {}

  /** This registry ends: waiting callers are released, sessions end silently. */
  record Shutdown() implements Input {}

  // Master.

  record RegisterReplica(RequestId request, ReplicaInfo info) implements Input {}

  /** Answer to {@link Output.Ping}. */
  record PingAnswered(SessionId session, boolean reachable) implements Input {}

  /**
   * A slave wants the tables and all updates from now on.
   *
   * @param serials the slave's own, per table it has; empty from very old slaves, which are not
   *     compared
   * @param epochNumber the slave's own, empty from a ZeroC slave
   */
  record Subscribe(
      RequestId request,
      SessionId session,
      Optional<Map<String, Long>> serials,
      Optional<Long> epochNumber)
      implements Input {}

  /** A slave publishes objects about itself; answered when this slave has acknowledged them. */
  record RegisterWellKnown(RequestId request, SessionId session, List<ObjectEntry> entries)
      implements Input {}

  /** A slave applied a pushed update; {@code failure} is empty if it went well. */
  record Acknowledged(SessionId session, Topic topic, int serial, String failure)
      implements Input {}

  record KeptAlive(SessionId session) implements Input {}

  /** The call that carried the oldest outstanding push of this session returned. */
  record PushDelivered(SessionId session) implements Input {}

  /** The call that carried the oldest outstanding push of this session failed. */
  record PushFailed(SessionId session, String reason) implements Input {}

  /** The connection over which a slave registered closed: it may have died. */
  record ReplicaDisconnected(SessionId session) implements Input {}

  record DestroySession(SessionId session) implements Input {}

  // Slave.

  /** A connection attempt ended with a session; a synchronisation follows. */
  record SessionEstablished(long attempt, long sessionTimeoutMillis) implements Input {}

  /** The master answered the subscription: the session is complete. */
  record Subscribed(long attempt) implements Input {}

  /**
   * A connection attempt failed.
   *
   * @param reason the whole text for the log
   */
  record ConnectFailed(long attempt, ConnectFailure failure, String reason) implements Input {}

  record KeepAliveAnswered(long attempt) implements Input {}

  /** A keep-alive failed, or the connection to the master closed. */
  record MasterLost(long attempt, String reason) implements Input {}

  /** A master asked this slave to connect to it; answered when the attempt ended. */
  record MasterAppeared(RequestId request) implements Input {}

  /** An update arrived from the master of this attempt. */
  record UpdateReceived(long attempt, PushedUpdate update) implements Input {}

  /** An update that this version cannot apply arrived, such as a changed application. */
  record UnknownUpdateReceived(long attempt, Topic topic, int serial, String what)
      implements Input {}

  /** Why a slave got no session. */
  enum ConnectFailure {
    /** No master found or reached. */
    UNREACHABLE,
    /** Another process uses this replica name. */
    NAME_IN_USE,
    /** The master does not want this registry. */
    DENIED,
    /** This database has updates that the master lacks. */
    DATABASE_REFUSED
  }

  /** Rejections that a host creates when it cannot even give an input to a core. */
  static Rejection shuttingDown() {
    return new Rejection(Rejection.Reason.SHUTTING_DOWN, "registry");
  }
}
