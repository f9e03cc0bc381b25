package dev.firn.election;

import dev.firn.model.EncodedProxy;
import dev.firn.model.ObjectId;
import java.util.List;

/** What a {@link Replica} wants done. Performed in list order. */
public sealed interface Output {
  void perform(Host host);

  /**
   * Write these changes durably in one transaction, then give {@link Input.Persisted} or {@link
   * Input.PersistFailed} before any other input. The last output of its list.
   */
  record Persist(List<? extends StateChange> changes) implements Output {
    public Persist {
      changes = List.copyOf(changes);
    }

    @Override
    public void perform(Host host) {
      host.persist(changes);
    }
  }

  /** From now on readers see this state. */
  record Publish(ReplicatedState state) implements Output {
    @Override
    public void perform(Host host) {
      host.publish(state);
    }
  }

  /** Both are closed at the start. Given when one of them changes. */
  record SetGates(boolean readOpen, boolean publishOpen) implements Output {
    @Override
    public void perform(Host host) {
      host.setGates(readOpen, publishOpen);
    }
  }

  /** Send a oneway message; messages to one peer keep their order with other calls if possible. */
  record Tell(ReplicaId to, Message.Oneway message) implements Output {
    @Override
    public void perform(Host host) {
      host.tell(to, message);
    }
  }

  /** Call the node object of a peer. */
  record Ask(CallId call, ReplicaId to, Message.Call message, long timeoutMillis)
      implements Output {
    @Override
    public void perform(Host host) {
      host.ask(call, to, message, timeoutMillis);
    }
  }

  /**
   * Call the observer of a member: {@link Message.Init}, {@link Message.Update} or {@link
   * Message.Updates}. One is under way per member; the replica waits for its end.
   *
   * @param observer as the member gave it in its {@link Message.Accept}
   */
  record AskObserver(
      CallId call, ReplicaId to, EncodedProxy observer, Message.Call message, long timeoutMillis)
      implements Output {
    @Override
    public void perform(Host host) {
      host.askObserver(call, to, observer, message, timeoutMillis);
    }
  }

  /**
   * Carry out a client's command at the coordinator, as a client of it. Ends with {@link
   * Answer.Outcome} (of which a success needs no changes) or {@link Input.CallFailed}.
   *
   * @param coordinator its topic manager, as given in its {@link Message.Ready}
   */
  record Forward(
      CallId call, ReplicaId to, EncodedProxy coordinator, StateCommand command, long timeoutMillis)
      implements Output {
    @Override
    public void perform(Host host) {
      host.forward(call, to, coordinator, command, timeoutMillis);
    }
  }

  /**
   * Call {@code TopicInternal.reap} at the coordinator. Ends with {@link Answer.Done}, {@link
   * Answer.ReapWouldBlock} or {@link Input.CallFailed}.
   */
  record ForwardReap(
      CallId call,
      ReplicaId to,
      EncodedProxy coordinator,
      String topic,
      List<ObjectId> subscribers,
      long timeoutMillis)
      implements Output {
    public ForwardReap {
      subscribers = List.copyOf(subscribers);
    }

    @Override
    public void perform(Host host) {
      host.forwardReap(call, to, coordinator, topic, subscribers, timeoutMillis);
    }
  }

  record Reply(RequestId request, Answer answer) implements Output {
    @Override
    public void perform(Host host) {
      host.reply(request, answer);
    }
  }

  /** Something an operator should see. */
  record Report(Severity severity, String message) implements Output {
    @Override
    public void perform(Host host) {
      host.report(severity, message);
    }
  }

  /** A line for one of the trace properties, all of level 1. */
  record Trace(Category category, String message) implements Output {
    @Override
    public void perform(Host host) {
      host.trace(category, message);
    }
  }

  /** How much a {@link Report} matters. */
  enum Severity {
    ERROR,
    WARNING
  }

  /** The trace property that shows a {@link Trace}. */
  enum Category {
    ELECTION,
    REPLICATION,
    TOPIC
  }
}
