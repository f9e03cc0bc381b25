package dev.firn.systemtests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What the replicas of a storm say about their group. */
record StormGroup(Storm storm, IceClient client) {

  /** A replica's own view. */
  record View(
      StormProcess replica, long id, long coordinator, String group, String state, List<Long> up) {
    boolean isNormal() {
      return state.equals("NodeStateNormal");
    }

    boolean isCoordinator() {
      return isNormal() && id == coordinator;
    }

    /** A coordinator's members. Those that died may be among them: the reference looks rarely. */
    List<Long> withItself() {
      List<Long> all = new ArrayList<>(up);
      all.add(id);
      return all;
    }
  }

  Remote node(StormProcess replica) {
    return client.at("IceStormElection.Node", storm.node(replica));
  }

  View view(StormProcess replica) {
    Json info = node(replica).call("query");
    return new View(
        replica,
        info.get("id").number(),
        info.get("coord").number(),
        info.get("group").text(),
        info.get("state").text(),
        info.get("up").items().stream().map(member -> member.get("id").number()).toList());
  }

  private List<View> views() {
    List<View> views = new ArrayList<>();
    for (StormProcess replica : storm.running()) {
      views.add(view(replica));
    }
    return views;
  }

  /** Waits until all running replicas are in normal state in one group; returns its coordinator. */
  StormProcess awaitAll() {
    return await(storm.running(), Storm.LONG);
  }

  StormProcess await(List<StormProcess> members, Duration limit) {
    List<StormProcess> coordinator = new ArrayList<>();
    Await.asserted(
        limit,
        () -> {
          coordinator.clear();
          List<View> views = members.stream().map(this::view).toList();
          List<String> groups = views.stream().map(View::group).distinct().toList();
          List<Long> ids = views.stream().map(View::id).toList();
          List<View> coordinators = views.stream().filter(View::isCoordinator).toList();
          if (!views.stream().allMatch(View::isNormal)
              || groups.size() != 1
              || coordinators.size() != 1
              || !coordinators.get(0).withItself().containsAll(ids)) {
            throw new AssertionError(members + " are not one group: " + views);
          }
          coordinator.add(coordinators.get(0).replica());
        });
    return coordinator.get(0);
  }

  @Override
  public String toString() {
    return views().stream().map(View::toString).collect(Collectors.joining("\n"));
  }
}
