package dev.firn.cli;

import com.zeroc.Ice.LocalException;
import dev.firn.cli.ComponentList.Member;
import dev.firn.wire.Exceptions;
import dev.firn.wire.Failover.V1.ReplicaState;
import dev.firn.wire.Failover.V1.ReplicaStatus;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code firn component switchover}: a planned change, without loss. */
@Command(
    name = "switchover",
    description =
        "Moves the active role of a group, without loss; if that fails, back. Of a group that"
            + " Pacemaker or keepalived manages, let those move it.")
final class ComponentSwitchover implements Callable<Integer> {
  private static final long LAG_MAX_MILLIS = 1_000;
  private static final long PAUSE_MILLIS = 50;

  @ParentCommand private @Nullable ComponentToolMain tool;

  @Option(
      names = "--to",
      paramLabel = "INSTANCE",
      description =
          "who becomes active (default: who has the newest configuration, then who has come"
              + " furthest)")
  private @Nullable String to;

  @Option(
      names = "--force",
      description = "also to an instance that is behind, or from one that does not answer")
  private boolean force;

  @Override
  public Integer call() throws Exception {
    ComponentToolMain options = ComponentOutput.parent(tool);
    String group = options.group();
    try (ComponentClient client = options.open(60)) {
      Optional<RoleLeaseClient> lease = RoleLeaseClient.of(client, group);
      if (lease.isPresent()) {
        long epoch = lease.get().transfer(to == null ? "" : to, force);
        System.out.println("epoch " + epoch);
        return ComponentToolMain.DONE;
      }
      List<Member> members = ComponentList.members(client, group);
      Optional<Member> active = active(members);
      Member target = target(members, active);
      if (active.isPresent() && active.get().equals(target)) {
        System.out.println(target.replica().name() + " is active already");
        return ComponentToolMain.DONE;
      }
      if (target.replica().within(client.leftMillis()).isLeased()) {
        // Who stands by gives its lease back, and cannot be made active again by hand.
        throw failure(
            "the registry gives the role of group \"" + group + "\": give --Ice.Default.Locator");
      }
      move(client, active, target);
      verify(ComponentList.members(client, group), active);
      System.out.println(target.replica().name() + " is active");
      return ComponentToolMain.DONE;
    }
  }

  private Optional<Member> active(List<Member> members) {
    List<Member> active = members.stream().filter(Member::isActive).toList();
    if (active.size() > 1) {
      throw failure("more than one instance is active; fence or demote the others first");
    } else if (active.isEmpty() && !force) {
      throw failure("no instance is active; `firn component promote' makes one so, or --force");
    }
    return active.stream().findFirst();
  }

  private Member target(List<Member> members, Optional<Member> active) {
    Optional<Member> target =
        to == null
            ? members.stream()
                .filter(member -> active.isEmpty() || !member.equals(active.get()))
                .filter(this::fit)
                .max(Member.progress())
            : members.stream().filter(member -> member.replica().name().equals(to)).findFirst();
    if (target.isEmpty()) {
      throw failure(
          to == null
              ? "no other instance stands by in step"
              : "no instance \"" + to + "\" answers");
    } else if (!target.get().isActive() && !fit(target.get())) {
      throw failure(
          target.get().replica().name() + " does not stand by in step; --force overrides");
    }
    return target.get();
  }

  private boolean fit(Member member) {
    if (member.status().isEmpty()) {
      return false;
    }
    ReplicaStatus status = member.status().get();
    return (status.state == ReplicaState.Standby && status.lagMillis <= LAG_MAX_MILLIS)
        || (force && status.state == ReplicaState.Syncing);
  }

  private void move(ComponentClient client, Optional<Member> active, Member target)
      throws Exception {
    try {
      if (active.isPresent()) {
        active.get().replica().classic().standby();
        awaitApplied(client, active.get(), target);
      }
      ComponentPromote.promote(target.replica().within(client.leftMillis()), 0, force);
    } catch (ComponentFailure | LocalException e) {
      String reason =
          e instanceof LocalException
              ? Exceptions.text(e).replace('\n', ' ')
              : String.valueOf(e.getMessage());
      if (active.isEmpty()) {
        throw failure(reason);
      }
      throw failure(reason + "; " + rollback(active.get(), true));
    }
  }

  /** The new one may have died right after it was promoted, and what it was given must not go. */
  private static void verify(List<Member> after, Optional<Member> old) {
    List<String> active =
        after.stream().filter(Member::isActive).map(member -> member.replica().name()).toList();
    if (active.size() > 1) {
      throw failure("more than one instance is active: " + String.join(", ", active));
    } else if (active.isEmpty()) {
      throw failure(
          "no instance is active afterwards"
              + old.map(one -> "; " + rollback(one, false)).orElse(""));
    }
  }

  /**
   * The one that was active serves again, with a new epoch.
   *
   * @param acceptLoss also with less than the newest state, as nobody has served since
   */
  private static String rollback(Member active, boolean acceptLoss) {
    try {
      ComponentPromote.promote(active.replica(), 0, acceptLoss);
      return active.replica().name() + " is active again";
    } catch (ComponentFailure | LocalException e) {
      return "and "
          + active.replica().name()
          + " could not be made active again: "
          + String.valueOf(e.getMessage()).replace('\n', ' ');
    }
  }

  /** What the old one has flushed, the new one must have. */
  private static void awaitApplied(ComponentClient client, Member active, Member target)
      throws Exception {
    long wanted = client.get(active.replica().status()).headSeq;
    while (client.get(target.replica().status()).appliedSeq < wanted) {
      if (client.isOver()) {
        throw new ComponentFailure(
            ComponentToolMain.FAILED,
            target.replica().name() + " has not applied update " + wanted);
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private static ComponentFailure failure(String reason) {
    return new ComponentFailure(ComponentToolMain.FAILED, reason);
  }
}
