package dev.firn.replication;

import dev.firn.model.ObjectId;
import dev.firn.model.RegistryEvent;
import dev.firn.model.RegistryTables;
import dev.firn.model.RowChange;
import dev.firn.model.Topic;
import java.util.List;

/** Performs outputs. See {@link Output} for what each means. None may block on a peer. */
public interface Host {
  void persist(List<RowChange> rows);

  void publish(RegistryTables tables, List<RegistryEvent> events);

  void reply(RequestId request, Answer answer);

  void report(Output.Severity severity, String message);

  void ping(SessionId session);

  void push(SessionId session, PushedUpdate update);

  void replicaUp(SessionId session, ReplicaInfo info);

  void replicaDown(SessionId session, ReplicaInfo info, List<ObjectId> wellKnown);

  void connect(long attempt);

  void keepAlive(long attempt);

  void acknowledge(long attempt, Topic topic, int serial, String failure);

  void disconnect(long attempt);

  void masterUp(long attempt);

  void masterDown();
}
