package dev.firn.election;

import static java.util.Objects.requireNonNull;

import dev.firn.model.EncodedProxy;
import java.util.List;

/** What replicas say to each other. */
public sealed interface Message {
  /** Is sent and forgotten. */
  sealed interface Oneway extends Message {}

  /** Is answered. */
  sealed interface Call extends Message {}

  /** {@code Node.invitation}: join this group. */
  record Invitation(ReplicaId from, String group) implements Oneway {
    public Invitation {
      requireNonNull(from, "from");
      requireNonNull(group, "group");
    }
  }

  /**
   * {@code Node.accept}: the sender joined the group.
   *
   * @param forwarded members of the sender's old group, to which it passed the invitation on
   * @param observer where the sender takes updates; {@link EncodedProxy#NULL} in an output: the
   *     host puts its own there
   * @param max size of the largest group the sender knows of
   */
  record Accept(
      ReplicaId from,
      String group,
      List<ReplicaId> forwarded,
      EncodedProxy observer,
      LogPosition position,
      int max)
      implements Oneway {
    public Accept {
      requireNonNull(from, "from");
      requireNonNull(group, "group");
      requireNonNull(observer, "observer");
      requireNonNull(position, "position");
      forwarded = List.copyOf(forwarded);
    }
  }

  /**
   * {@code Node.areYouCoordinator}; answered by {@link Answer.Bool}, or, where the host knows more,
   * by {@link Answer.View}.
   */
  record AreYouCoordinator() implements Call {}

  /** {@code Node.areYouThere}; answered by {@link Answer.Bool}. */
  record AreYouThere(String group, ReplicaId from) implements Call {
    public AreYouThere {
      requireNonNull(group, "group");
      requireNonNull(from, "from");
    }
  }

  /** Firn's own question, unknown to ZeroC's replicas; answered by {@link Answer.Status}. */
  record AskStatus() implements Call {}

  /**
   * {@code Node.ready}: the group serves; answered by {@link Answer.Done}.
   *
   * @param coordinator the topic manager of the sender; {@link EncodedProxy#NULL} in an output: the
   *     host puts its own there
   */
  record Ready(ReplicaId from, String group, EncodedProxy coordinator, int max, long generation)
      implements Call {
    public Ready {
      requireNonNull(from, "from");
      requireNonNull(group, "group");
      requireNonNull(coordinator, "coordinator");
    }
  }

  /**
   * {@code Node.sync} and {@code getContent} of what it returns; answered by {@link
   * Answer.Content}.
   */
  record GetContent() implements Call {}

  /**
   * {@code ReplicaObserver.init}; answered by {@link Answer.Done}, {@link Answer.Inconsistent} or
   * {@link Answer.Failed}.
   */
  record Init(LogPosition position, List<? extends StateContent> content) implements Call {
    public Init {
      requireNonNull(position, "position");
      content = List.copyOf(content);
    }
  }

  /**
   * The other operations of {@code ReplicaObserver}; answered as {@link Init} is.
   *
   * @param command as {@link StateCommand#forMembers} gives it
   */
  record Update(LogPosition position, StateCommand command) implements Call {
    public Update {
      requireNonNull(position, "position");
      if (!command.forMembers().equals(command)) {
        throw new IllegalArgumentException("not for members: " + command);
      }
    }
  }

  /**
   * Several updates in one call; answered as {@link Init} is, and taken as a whole. Not among
   * storms, whose operations take one.
   */
  record Updates(List<Update> updates) implements Call {
    public Updates {
      updates = List.copyOf(updates);
    }
  }
}
