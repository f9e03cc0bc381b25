package dev.firn.election;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** The calls under way, each with what is to happen when it ends. */
final class Calls {
  private final Outputs outputs;
  private final SortedMap<CallId, Ending> open = new TreeMap<>();
  private long lastId;

  Calls(Outputs outputs) {
    this.outputs = outputs;
  }

  void ask(ReplicaId to, Message.Call message, long timeoutMillis, Ending ending) {
    outputs.add(new Output.Ask(open(ending), to, message, timeoutMillis));
  }

  void askObserver(Member to, Message.Call message, long timeoutMillis, Ending ending) {
    outputs.add(
        new Output.AskObserver(open(ending), to.id(), to.observer(), message, timeoutMillis));
  }

  void forward(
      ReplicaId to,
      EncodedProxy coordinator,
      StateCommand command,
      long timeoutMillis,
      Ending ending) {
    outputs.add(new Output.Forward(open(ending), to, coordinator, command, timeoutMillis));
  }

  void forwardReap(
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis,
      Ending ending) {
    outputs.add(
        new Output.ForwardReap(open(ending), to, coordinator, topic, subscribers, timeoutMillis));
  }

  void answered(CallId id, Answer answer) {
    Ending ending = open.remove(id);
    if (ending != null) {
      ending.answered(answer);
    }
  }

  void failed(CallId id, Input.Failure failure, String reason) {
    Ending ending = open.remove(id);
    if (ending != null) {
      ending.failed(failure, reason);
    }
  }

  /** Nobody is interested in any call any more. */
  void forgetAll() {
    open.clear();
  }

  private CallId open(Ending ending) {
    CallId id = new CallId(++lastId);
    open.put(id, ending);
    return id;
  }
}
