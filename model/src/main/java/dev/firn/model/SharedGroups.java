package dev.firn.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/** The replica groups with members of other applications than their own. */
final class SharedGroups {
  private SharedGroups() {}

  /**
   * After a change of an application.
   *
   * @param ids after it
   * @param applications after it
   */
  static TreePMap<String, DeployedReplicaGroup> changed(
      TreePMap<String, DeployedReplicaGroup> shared,
      DeployedIds ids,
      TreePMap<String, DeployedApplication> applications,
      @Nullable DeployedApplication old,
      @Nullable DeployedApplication now) {
    TreeSet<String> concerned = new TreeSet<>();
    addGroups(concerned, old);
    addGroups(concerned, now);
    var result = shared;
    for (String group : concerned) {
      String owner = ids.groups().get(group);
      Collection<String> users = ids.usersOf(group);
      boolean own =
          users.isEmpty() || (users.size() == 1 && owner != null && users.contains(owner));
      DeployedApplication application = owner == null ? null : applications.get(owner);
      DeployedReplicaGroup declared = application == null ? null : application.group(group);
      if (own || declared == null) {
        result = result.minus(group);
      } else {
        List<DeployedAdapter> members = new ArrayList<>();
        for (String user : users) {
          DeployedApplication using = applications.get(user);
          if (using != null) {
            members.addAll(using.membersOf(group));
          }
        }
        result =
            result.plus(
                group,
                new DeployedReplicaGroup(declared.application(), declared.descriptor(), members));
      }
    }
    return result;
  }

  private static void addGroups(Set<String> concerned, @Nullable DeployedApplication application) {
    if (application != null) {
      concerned.addAll(application.ids().groups().keySet());
      concerned.addAll(application.ids().references());
    }
  }
}
