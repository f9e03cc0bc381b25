package dev.firn.model;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an update does to the servers of an application.
 *
 * @param changes by id of the server; servers that stay as they are, are left out
 */
public record UpdatePlan(List<ServerChange> changes) {
  public UpdatePlan {
    changes = List.copyOf(changes);
  }

  /** What happens to a server. */
  public enum Effect {
    /** It is new. */
    ADDED("added", false),
    /** It is gone; if it runs it has to be stopped. */
    REMOVED("removed", true),
    /** It goes to another node; if it runs it has to be stopped. */
    MOVED("moved (restart required)", true),
    /** It changes in something that a running server cannot be told. */
    RESTARTED("updated (restart required)", true),
    /** Only properties change: a running server is told. */
    PROPERTIES_UPDATED("properties updated (no restart required)", false),
    /** Only what no server sees changes. */
    DESCRIPTION_UPDATED("description updated (no restart required)", false);

    private final String text;
    private final boolean needsStop;

    Effect(String text, boolean needsStop) {
      this.text = text;
      this.needsStop = needsStop;
    }

    /** As tools say it. */
    public String text() {
      return text;
    }

    /** Whether the server has to be stopped for it, if it runs. */
    public boolean needsStop() {
      return needsStop;
    }
  }

  /**
   * What happens to a server, and why.
   *
   * @param before absent if it is added
   * @param after absent if it is removed
   * @param reasons what differs, each as {@code exe: `a' -> `b'}
   */
  public record ServerChange(
      String server,
      Effect effect,
      Optional<ExpandedServer> before,
      Optional<ExpandedServer> after,
      List<String> reasons) {
    public ServerChange {
      requireNonNull(server, "server");
      requireNonNull(effect, "effect");
      requireNonNull(before, "before");
      requireNonNull(after, "after");
      reasons = List.copyOf(reasons);
    }
  }

  /** Whether no running server has to be stopped. */
  public boolean isWithoutRestart() {
    return changes.stream().noneMatch(change -> change.effect().needsStop());
  }

  /** Compares an application before an update with what it will be. */
  public static UpdatePlan between(ExpandedApplication before, ExpandedApplication after) {
    return between(before.servers(), after.servers());
  }

  /** As {@link #between(ExpandedApplication, ExpandedApplication)}, of servers by id. */
  public static UpdatePlan between(
      SortedMap<String, ExpandedServer> before, SortedMap<String, ExpandedServer> after) {
    SortedMap<String, ExpandedServer> all = new TreeMap<>(before);
    all.putAll(after);
    List<ServerChange> changes = new ArrayList<>();
    for (String id : all.keySet()) {
      change(id, Optional.ofNullable(before.get(id)), Optional.ofNullable(after.get(id)))
          .ifPresent(changes::add);
    }
    return new UpdatePlan(changes);
  }

  private static Optional<ServerChange> change(
      String id, Optional<ExpandedServer> before, Optional<ExpandedServer> after) {
    if (before.isEmpty() || after.isEmpty()) {
      Effect effect = before.isEmpty() ? Effect.ADDED : Effect.REMOVED;
      return Optional.of(new ServerChange(id, effect, before, after, List.of()));
    }
    if (!before.get().node().equals(after.get().node())) {
      String moved = "node: `" + before.get().node() + "' -> `" + after.get().node() + "'";
      return Optional.of(new ServerChange(id, Effect.MOVED, before, after, List.of(moved)));
    }
    ServerDescriptor old = before.get().descriptor();
    ServerDescriptor now = after.get().descriptor();
    if (DescriptorEquality.same(old, now)) {
      return Optional.empty();
    }
    var differences = ServerDifferences.between(old, now);
    Effect effect = Effect.DESCRIPTION_UPDATED;
    if (!differences.restarting().isEmpty()) {
      effect = Effect.RESTARTED;
    } else if (!differences.properties().isEmpty()) {
      effect = Effect.PROPERTIES_UPDATED;
    }
    return Optional.of(new ServerChange(id, effect, before, after, differences.all()));
  }
}
