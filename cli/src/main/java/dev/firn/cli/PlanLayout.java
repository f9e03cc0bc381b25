package dev.firn.cli;

import dev.firn.model.ExpandedServer;
import dev.firn.model.UpdatePlan;
import dev.firn.model.UpdatePlan.Effect;
import dev.firn.model.UpdatePlan.ServerChange;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What an update would do to servers, for people: which, why, and what they do now. */
final class PlanLayout {

  private PlanLayout() {}

  /**
   * Tells a plan.
   *
   * @param stateOf what a server that is deployed does now, such as {@code running}; may ask a node
   */
  static String plan(Update update, Function<String, String> stateOf) {
    UpdatePlan plan = update.plan();
    var layout = new Layout();
    String application = "application `" + update.after().name() + "'";
    layout.block(
        "plan for " + application + ", which has revision " + update.revision(),
        () -> {
          plan.changes().forEach(change -> server(layout, change, stateOf));
          layout.line(summary(update, plan));
        });
    return layout.toString();
  }

  private static void server(Layout layout, ServerChange change, Function<String, String> stateOf) {
    String text = "server `" + change.server() + "' on node `" + node(change) + "': ";
    text += change.effect() == Effect.REMOVED ? "removed (stopped)" : change.effect().text();
    if (change.effect() != Effect.ADDED) {
      text += ", " + stateOf.apply(change.server());
    }
    layout.line(text);
    change.reasons().forEach(reason -> layout.line("    " + reason));
  }

  private static String node(ServerChange change) {
    return change.after().or(change::before).map(ExpandedServer::node).orElse("");
  }

  private static String summary(Update update, UpdatePlan plan) {
    Map<Effect, Integer> counts = new EnumMap<>(Effect.class);
    plan.changes().forEach(change -> counts.merge(change.effect(), 1, Integer::sum));
    int untouched = update.after().servers().size();
    for (ServerChange change : plan.changes()) {
      untouched -= change.after().isPresent() ? 1 : 0;
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((effect, count) -> parts.add(count + " " + word(effect)));
    parts.add(untouched + " untouched");
    return "servers: " + String.join(", ", parts);
  }

  private static String word(Effect effect) {
    return switch (effect) {
      case ADDED -> "added";
      case REMOVED -> "removed";
      case MOVED -> "moved";
      case RESTARTED -> "with restart";
      case PROPERTIES_UPDATED -> "with new properties only";
      case DESCRIPTION_UPDATED -> "with a new description only";
    };
  }
}
