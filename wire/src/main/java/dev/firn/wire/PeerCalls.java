package dev.firn.wire;

import dev.firn.election.CallId;
import dev.firn.election.Message;
import dev.firn.election.ReplicaId;
import dev.firn.election.StateCommand;
import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;

/**
 * The other replicas, as the loop calls them: the part of {@link dev.firn.election.Host} that goes
 * out to the network. Called on the loop's thread; none blocks, each call's end is posted.
 */
public interface PeerCalls {
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
}
