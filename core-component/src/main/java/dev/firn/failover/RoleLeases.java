package dev.firn.failover;

import dev.firn.failover.RoleOutput.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Who is active in each group, decided by the master of the registries. Nothing of it is stored.
 *
 * <p>Never do two instances have the role at once: a lease counts for its holder from the moment in
 * which it asked, and for the registry from the later one in which it answered, and a margin
 * longer. A new master knows nothing of its predecessor's leases: it gives none until they have run
 * out ({@link LeaseConfig#NEW_MASTER_MILLIS}), but lets the one go on that says it is active.
 *
 * <p>One thread at a time uses it.
 */
public final class RoleLeases {
  private final LeaseConfig config;
  private final SortedMap<String, GroupLease> groups = new TreeMap<>();
  private final List<LeaseOutput> out = new ArrayList<>();
  private String notMaster = "the registry has just been started";
  private boolean master;
  private long nowMillis;
  private long sureMillis = Role.NEVER;

  public RoleLeases(LeaseConfig config) {
    this.config = config;
  }

  /**
   * @param now the host's monotonic time, milliseconds
   * @return what is to be done, in this order
   */
  public List<LeaseOutput> step(long now, LeaseInput input) {
    nowMillis = Math.max(now, nowMillis);
    runOut();
    input.apply(this);
    runOut();
    List<LeaseOutput> taken = List.copyOf(out);
    out.clear();
    return taken;
  }

  private void runOut() {
    for (GroupLease group : List.copyOf(groups.values())) {
      group.carryOn(nowMillis, sureMillis);
    }
  }

  /** When a {@link LeaseInput.Tick} is due; empty if not before something else happens. */
  public OptionalLong wakeAtMillis() {
    long due =
        groups.values().stream()
            .mapToLong(group -> group.dueMillis(nowMillis, sureMillis))
            .min()
            .orElse(Role.NEVER);
    return due == Role.NEVER ? OptionalLong.empty() : OptionalLong.of(due);
  }

  /** Why this registry gives no leases; empty if it does. */
  public String notMaster() {
    return master ? "" : notMaster;
  }

  /** All groups with members, in order of their names. */
  public List<LeaseView> leases() {
    return groups.values().stream()
        .filter(group -> !group.isEmpty())
        .map(group -> group.view(nowMillis))
        .toList();
  }

  void becameMaster() {
    if (!master) {
      master = true;
      sureMillis = nowMillis + config.newMasterMillis();
    }
  }

  void notMaster(String reason) {
    notMaster = reason;
    if (master) {
      master = false;
      groups.values().forEach(group -> group.close(new LeaseAnswer.NotAuthority(reason)));
      groups.clear();
    }
  }

  void campaign(RoleRequestId request, Candidacy candidacy) {
    if (!master) {
      refuse(request);
      return;
    }
    GroupLease group = groups.get(candidacy.group());
    if (group == null) {
      // A group without members is kept while there is room, for the sake of its last epoch.
      if (groups.size() >= config.groupsMax() && !groups.values().removeIf(GroupLease::isEmpty)) {
        out.add(new LeaseOutput.Report(Severity.ERROR, "leases: too many groups"));
        answer(request, new LeaseAnswer.Busy("too many groups"));
        return;
      }
      group = new GroupLease(candidacy.group(), config, out);
      groups.put(candidacy.group(), group);
    }
    group.campaign(request, candidacy, nowMillis, sureMillis);
  }

  void release(RoleRequestId request, String group, String instance, long epoch, boolean leave) {
    if (!master) {
      refuse(request);
      return;
    }
    GroupLease lease = groups.get(group);
    if (lease != null) {
      lease.release(instance, epoch, leave, nowMillis);
    }
    answer(request, new LeaseAnswer.Released());
  }

  void transfer(RoleRequestId request, String group, String to, boolean force) {
    if (!master) {
      refuse(request);
      return;
    }
    GroupLease lease = groups.get(group);
    if (lease == null) {
      answer(
          request, new LeaseAnswer.TransferRefused("no member of group `" + group + "' campaigns"));
      return;
    }
    lease.transfer(request, to, force, nowMillis);
  }

  private void refuse(RoleRequestId request) {
    answer(request, new LeaseAnswer.NotAuthority(notMaster));
  }

  private void answer(RoleRequestId request, LeaseAnswer answer) {
    out.add(new LeaseOutput.Answer(request, answer));
  }
}
