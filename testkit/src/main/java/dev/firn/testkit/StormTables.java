package dev.firn.testkit;

import dev.firn.election.Answer;
import dev.firn.election.Input;
import dev.firn.election.LogPosition;
import dev.firn.election.StateChange;
import dev.firn.election.SubscriberRecord;
import dev.firn.election.Topic;
import dev.firn.election.TopicChange;
import dev.firn.election.TopicCommand;
import dev.firn.election.TopicContent;
import dev.firn.election.TopicTables;
import dev.firn.testkit.StormRequest.End;
import java.util.ArrayList;
import java.util.List;

/** Changes that make other tables of some tables. */
final class StormTables {
  private StormTables() {}

  static List<TopicContent> contentOf(TopicTables tables) {
    List<TopicContent> content = new ArrayList<>();
    for (Topic topic : tables.topics()) {
      content.add(new TopicContent(topic.id(), List.copyOf(topic.subscribers())));
    }
    return content;
  }

  /** What turns any tables into these topics at this position. */
  static List<StateChange> replacement(List<TopicContent> content, LogPosition position) {
    List<StateChange> changes = new ArrayList<>();
    changes.add(new TopicChange.Clear());
    for (TopicContent topic : content) {
      changes.add(new TopicChange.PutTopic(topic.id()));
      for (SubscriberRecord subscriber : topic.records()) {
        changes.add(new TopicChange.PutSubscriber(topic.id(), subscriber));
      }
    }
    changes.add(new StateChange.SetPosition(position));
    return changes;
  }

  /** An observer has no operation of its own for removing a link. */
  static TopicCommand forObservers(TopicCommand command) {
    return command instanceof TopicCommand.Unlink unlink
        ? new TopicCommand.RemoveSubscribers(unlink.topic(), List.of(unlink.linkedTopic()))
        : command;
  }

  /** How a peer sees an answer: an unknown outcome is an exception. */
  static End onTheWire(SimulatedService service, Answer answer) {
    if (answer instanceof Answer.UnknownOutcome unknown) {
      return End.unknownException(unknown.reason());
    } else if (answer instanceof Answer.Failed failed) {
      return End.unknownException(failed.reason());
    } else if (answer instanceof Answer.NotCoordinator not) {
      return new End.Failed(Input.Failure.REFUSED, not.reason());
    } else if (answer instanceof Answer.Outcome outcome) {
      return service
          .onTheWire(outcome.result())
          .<End>map(result -> new End.Answered(new Answer.Outcome(result)))
          .orElseGet(() -> End.unknownException("no such result on the wire"));
    }
    return new End.Answered(answer);
  }
}
