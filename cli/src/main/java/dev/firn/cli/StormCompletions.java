package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import com.zeroc.IceStorm.TopicManagerPrx;
import java.util.ArrayList;
import java.util.List;

/** Completes commands, topics and instances. */
final class StormCompletions implements Completions {

  private static final int TOPICS_MAX = 1000;

  /** So that a manager that is down does not hold up the user's typing. */
  private static final int TIMEOUT_MILLIS = 1000;

  private final StormManagers managers;

  StormCompletions(StormManagers managers) {
    this.managers = managers;
  }

  @Override
  public List<String> candidates(List<String> words) {
    if (words.isEmpty()) {
      List<String> all = new ArrayList<>(List.of("help", "exit", "quit"));
      all.addAll(StormCommands.names());
      return all;
    }
    return switch (words.get(0)) {
      case "destroy", "link", "unlink", "subscribers" -> topics();
      case "links", "topics", "current", "replica" ->
          managers.all().stream().map(manager -> manager.ice_getIdentity().category).toList();
      default -> List.of();
    };
  }

  private List<String> topics() {
    try {
      var manager =
          TopicManagerPrx.uncheckedCast(managers.current().ice_invocationTimeout(TIMEOUT_MILLIS));
      return StormCommands.topics(manager).keySet().stream().limit(TOPICS_MAX).toList();
    } catch (LocalException exception) {
      // Completion is a convenience; the command itself will tell what is wrong.
      return List.of();
    }
  }
}
