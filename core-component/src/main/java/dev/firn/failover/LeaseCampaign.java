package dev.firn.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How an instance gets its role from the registries, and keeps it.
 *
 * <p>It asks one registry at a time. A lease lasts from the moment in which the campaign was sent
 * that it answers. Registries that all say, or show by a closed port, that they give no leases
 * cannot have given the role to another, nor can one that becomes the master later do so before
 * {@link LeaseConfig#NEW_MASTER_MILLIS} have passed: that is better than a renewal, and lasts until
 * a registry that starts can answer. From silence nothing follows.
 *
 * <p>One thread at a time uses it.
 */
public final class LeaseCampaign {
  private static final long CHANGED_PAUSE_MILLIS = 20;
  private static final long RELEASE_PAUSE_MILLIS = 50;

  private final CampaignConfig config;
  private final String instance;
  private final int registries;
  private final List<CampaignOutput> out = new ArrayList<>();
  private long nowMillis;
  private long runs;
  private int registry;

  /** The campaign that is waited for; 0 if none is. */
  private long run;

  private long sentMillis;
  private long dueMillis;

  /** How many registries in a row were no authority, and when the first of them was asked. */
  private int noAuthority;

  private long noAuthorityMillis;

  private long epoch;
  private long untilMillis;
  private long termMillis;
  private long spentEpoch;
  private boolean recalled;

  private boolean leaving;
  private long releaseEpoch;
  private boolean releaseLeaves;
  private long releaseRun;
  private long releaseDueMillis = Role.NEVER;
  private long releaseUntilMillis;

  /**
   * @param registries how many there are to ask, at least one
   */
  public LeaseCampaign(CampaignConfig config, String instance, int registries, long nowMillis) {
    if (registries < 1) {
      throw new IllegalArgumentException("no registry to campaign at");
    }
    this.config = config;
    this.instance = instance;
    this.registries = registries;
    this.nowMillis = nowMillis;
    dueMillis = nowMillis;
  }

  /**
   * @param now the host's monotonic time, milliseconds
   * @return what is to be done, in this order
   */
  public List<CampaignOutput> step(long now, CampaignInput input) {
    nowMillis = Math.max(now, nowMillis);
    if (epoch != 0 && nowMillis >= untilMillis) {
      // The role's machine sees that for itself, at the same time.
      spend();
    }
    input.apply(this);
    carryOn();
    List<CampaignOutput> taken = List.copyOf(out);
    out.clear();
    return taken;
  }

  /** When a {@link CampaignInput.Tick} is due; empty if not before something else happens. */
  public OptionalLong wakeAtMillis() {
    long due = Math.min(leaving ? Role.NEVER : dueMillis, releaseDueMillis);
    return due == Role.NEVER ? OptionalLong.empty() : OptionalLong.of(due);
  }

  private void carryOn() {
    if (nowMillis >= releaseDueMillis) {
      releaseAgain();
    }
    if (leaving || nowMillis < dueMillis) {
      return;
    }
    if (run != 0) {
      silent(run);
    }
    send();
  }

  private void send() {
    run = ++runs;
    sentMillis = nowMillis;
    dueMillis =
        nowMillis + (epoch == 0 ? config.campaignTimeoutMillis() : config.renewTimeoutMillis());
    out.add(new CampaignOutput.Campaign(run, registry));
  }

  /** The registry should know soon; a campaign that it holds says what is not true any more. */
  void changed() {
    if (run == 0) {
      dueMillis = Math.min(dueMillis, Math.max(nowMillis, sentMillis + CHANGED_PAUSE_MILLIS));
    } else if (epoch == 0) {
      run = 0;
      dueMillis = Math.max(nowMillis, sentMillis + CHANGED_PAUSE_MILLIS);
    }
  }

  void answered(long itsRun, LeaseAnswer.Lease lease) {
    if (run != itsRun) {
      return;
    }
    run = 0;
    noAuthority = 0;
    if (lease.epoch() > spentEpoch || lease.termMillis() == 0) {
      take(lease);
    }
    // A registry that holds campaigns has made the candidate wait already.
    dueMillis = Math.max(nowMillis, sentMillis + config.renewMillis());
  }

  private void take(LeaseAnswer.Lease lease) {
    boolean lasts = lease.termMillis() > 0 && sentMillis + lease.termMillis() > nowMillis;
    boolean isOwn = epoch != 0 && lease.epoch() == epoch;
    if (lease.termMillis() > 0 && !lasts) {
      return;
    }
    if (lasts && (lease.holder().equals(instance) || isOwn)) {
      if (!isOwn) {
        recalled = false;
      }
      epoch = lease.epoch();
      termMillis = lease.termMillis();
      extend(sentMillis + termMillis);
      if (!lease.holder().equals(instance) && !recalled) {
        recalled = true;
        give(new RoleInput.LeaseRecalled(epoch));
      }
    } else if (epoch != 0) {
      long lost = epoch;
      spend();
      give(
          new RoleInput.LeaseLost(
              lost, lease.holder().isEmpty() ? "nobody has it" : lease.holder() + " has it"));
    }
  }

  private void extend(long until) {
    untilMillis = Math.max(untilMillis, until);
    give(new RoleInput.LeaseGranted(epoch, untilMillis));
  }

  void noAuthority(long itsRun) {
    if (run != itsRun) {
      return;
    }
    run = 0;
    if (noAuthority == 0) {
      noAuthorityMillis = sentMillis;
    }
    noAuthority++;
    nextRegistry();
    if (noAuthority < registries) {
      dueMillis = nowMillis;
      return;
    }
    noAuthority = 0;
    dueMillis = Math.max(nowMillis, sentMillis + config.renewMillis());
    if (epoch != 0) {
      extend(noAuthorityMillis + Math.max(termMillis, LeaseConfig.NEW_MASTER_MILLIS));
    }
  }

  void silent(long itsRun) {
    if (run != itsRun) {
      return;
    }
    run = 0;
    noAuthority = 0;
    nextRegistry();
    dueMillis = Math.max(nowMillis, sentMillis + config.renewMillis());
  }

  private void nextRegistry() {
    registry = (registry + 1) % registries;
  }

  // Giving it back.

  void release(long ofEpoch, boolean leave) {
    if (epoch != 0 && epoch <= ofEpoch) {
      spend();
    }
    spentEpoch = Math.max(spentEpoch, ofEpoch);
    leaving |= leave;
    releaseEpoch = ofEpoch;
    releaseLeaves = leave;
    releaseUntilMillis = nowMillis + config.releaseMillis();
    sendRelease();
  }

  private void sendRelease() {
    releaseRun = ++runs;
    releaseDueMillis = nowMillis + config.renewTimeoutMillis();
    out.add(new CampaignOutput.Release(releaseRun, registry, releaseEpoch, releaseLeaves));
  }

  void released(long itsRun) {
    if (releaseRun == itsRun) {
      releaseDueMillis = Role.NEVER;
      releaseRun = 0;
    }
  }

  void releaseFailed(long itsRun) {
    if (releaseRun == itsRun) {
      releaseDueMillis = Math.min(releaseDueMillis, nowMillis + RELEASE_PAUSE_MILLIS);
    }
  }

  /** It only saves others the wait until the lease runs out. */
  private void releaseAgain() {
    if (nowMillis >= releaseUntilMillis) {
      released(releaseRun);
    } else {
      nextRegistry();
      sendRelease();
    }
  }

  private void spend() {
    spentEpoch = Math.max(spentEpoch, epoch);
    epoch = 0;
    untilMillis = 0;
    recalled = false;
  }

  private void give(RoleInput input) {
    out.add(new CampaignOutput.Give(input));
  }
}
