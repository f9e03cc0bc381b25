package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code firn component list}. */
@Command(
    name = "list",
    description =
        "Shows the instances of a group that the service locator knows: 0 exactly one is active, 1"
            + " none, 6 more than one.")
final class ComponentList implements Callable<Integer> {
  private static final String ROW = "%-20s %-13s %8s %17s %17s %8s %8s%s%n";

  @ParentCommand private @Nullable ComponentToolMain tool;

  /**
   * An instance and what it said, if it did.
   *
   * @param configuration the revision that it has taken; empty if it cannot say
   */
  record Member(
      ReplicaProxy replica,
      Optional<ReplicaStatus> status,
      OptionalLong configuration,
      String failure) {
    /** Whoever is configured as one that answered here is newer is behind. */
    boolean isBehind(List<Member> all) {
      return configuration.isPresent() && configuration.getAsLong() < newest(all);
    }

    private static long newest(List<Member> all) {
      return all.stream().mapToLong(member -> member.configuration.orElse(0)).max().orElse(0);
    }

    /**
     * Orders those that have said something by how far they are: the newest configuration first of
     * all, as state is caught up with before one is active.
     */
    static Comparator<Member> progress() {
      return Comparator.comparingLong((Member member) -> member.configuration.orElse(0))
          .thenComparingLong(member -> member.status.map(said -> said.appliedSeq).orElse(0L));
    }

    boolean isActive() {
      return status.isPresent() && status.get().state == ReplicaState.Active;
    }

    /** Whether it has ever had state that others have, too. */
    boolean hasState() {
      return status.isPresent() && status.get().headSeq > 0;
    }
  }

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    try (ComponentClient client = options.open(5)) {
      List<Member> members = members(client, options.group());
      if (options.json) {
        System.out.println(json(members));
      } else {
        print(members);
      }
      return exitStatus(members);
    }
  }

  /** Asks all at once. */
  static List<Member> members(ComponentClient client, String group) throws Exception {
    List<ReplicaProxy> replicas = client.group(group);
    List<CompletionStage<ReplicaStatus>> answers = new ArrayList<>();
    List<CompletionStage<OptionalLong>> revisions = new ArrayList<>();
    for (ReplicaProxy replica : replicas) {
      answers.add(replica.status());
      revisions.add(replica.configurationRevision());
    }
    List<Member> members = new ArrayList<>();
    for (int i = 0; i < replicas.size(); i++) {
      try {
        ReplicaStatus status = client.get(answers.get(i));
        OptionalLong revision = client.get(revisions.get(i));
        members.add(new Member(replicas.get(i), Optional.of(status), revision, ""));
      } catch (LocalException e) {
        members.add(
            new Member(
                replicas.get(i),
                Optional.empty(),
                OptionalLong.empty(),
                Exceptions.text(e).replace('\n', ' ')));
      }
    }
    return members;
  }

  static int exitStatus(List<Member> members) {
    long active = members.stream().filter(Member::isActive).count();
    return active == 1
        ? ComponentToolMain.DONE
        : active == 0 ? ComponentToolMain.FAILED : ComponentToolMain.MANY_ACTIVE;
  }

  private static void print(List<Member> members) {
    System.out.printf(ROW, "INSTANCE", "STATE", "EPOCH", "APPLIED", "HEAD", "LAG ms", "CONFIG", "");
    for (Member member : members) {
      if (member.status().isPresent()) {
        ReplicaStatus status = member.status().get();
        System.out.printf(
            ROW,
            member.replica().name(),
            ComponentOutput.name(status.state),
            status.epoch,
            status.appliedSeq,
            status.headSeq,
            status.lagMillis,
            ComponentOutput.text(member.configuration()),
            (ComponentOutput.isUnprotected(status) ? " unprotected" : "")
                + (member.isBehind(members) ? " behind" : ""));
      } else {
        System.out.printf(ROW, member.replica().name(), "unreachable", "-", "-", "-", "-", "-", "");
        System.err.println("firn component: " + member.replica().name() + ": " + member.failure());
      }
    }
  }

  private static String json(List<Member> members) {
    List<String> objects = new ArrayList<>();
    for (Member member : members) {
      objects.add(
          member
              .status()
              .map(status -> json(status, member, members))
              .orElseGet(
                  () ->
                      "{\"instance\":"
                          + ComponentOutput.quoted(member.replica().name())
                          + ",\"state\":\"unreachable\"}"));
    }
    return "[" + String.join(",", objects) + "]";
  }

  private static String json(ReplicaStatus status, Member member, List<Member> members) {
    return ComponentOutput.json(
        status, member.configuration(), ",\"configurationBehind\":" + member.isBehind(members));
  }
}
