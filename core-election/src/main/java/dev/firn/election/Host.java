package dev.firn.election;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;

/** Performs outputs. See {@link Output} for what each means. None may block on a peer. */
public interface Host {
  void persist(List<? extends StateChange> changes);

  void publish(ReplicatedState state);

  void setGates(boolean readOpen, boolean publishOpen);

  void tell(ReplicaId to, Message.Oneway message);

  void ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis);

  void askObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis);

  void forward(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis);

  void forwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis);

  void reply(RequestId request, Answer answer);

  void report(Output.Severity severity, String message);

  void trace(Output.Category category, String message);
}
