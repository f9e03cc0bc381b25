package dev.firn.failover;

/** What happens to a {@link LeaseCampaign}. */
public sealed interface CampaignInput {
  /** For the campaign only. */
  void apply(LeaseCampaign campaign);

  /** The role, after it has changed in anything that a candidate says of itself. */
  record Changed() implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.changed();
    }
  }

  /** A campaign was answered. */
  record Answered(long run, LeaseAnswer.Lease lease) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.answered(run, lease);
    }
  }

  /**
   * The registry gives no leases: it says so, or its port refuses the connection. (A host that is
   * not reached, a connection that breaks or an answer that does not come is {@link Silent}.)
   */
  record NoAuthority(long run) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.noAuthority(run);
    }
  }

  /** Whether it gives leases is not known. */
  record Silent(long run) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.silent(run);
    }
  }

  /** The role wants to give its lease back: {@link RoleOutput.ReleaseLease}. */
  record Release(long epoch, boolean leave) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.release(epoch, leave);
    }
  }

  /** The release has reached the registry, or the registry has none to give. */
  record Released(long run) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.released(run);
    }
  }

  record ReleaseFailed(long run) implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      campaign.releaseFailed(run);
    }
  }

  /** Time has passed: due at {@link LeaseCampaign#wakeAtMillis}. */
  record Tick() implements CampaignInput {
    @Override
    public void apply(LeaseCampaign campaign) {
      // Every step looks at what is due.
    }
  }
}
