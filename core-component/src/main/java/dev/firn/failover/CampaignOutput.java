package dev.firn.failover;

/** What a {@link LeaseCampaign} wants done. Performed in list order. */
public sealed interface CampaignOutput {
  void perform(Host host);

  /** Performs outputs. None may wait. */
  interface Host {
    void campaign(long run, int registry);

    void release(long run, int registry, long epoch, boolean leave);

    void give(RoleInput input);
  }

  /**
   * Send what the instance says of itself now to one of the registries: {@link
   * CampaignInput.Answered}, {@link CampaignInput.NoAuthority} or {@link CampaignInput.Silent}.
   *
   * @param registry from 0
   */
  record Campaign(long run, int registry) implements CampaignOutput {
    @Override
    public void perform(Host host) {
      host.campaign(run, registry);
    }
  }

  /** Give the lease back: {@link CampaignInput.Released} or {@link CampaignInput.ReleaseFailed}. */
  record Release(long run, int registry, long epoch, boolean leave) implements CampaignOutput {
    @Override
    public void perform(Host host) {
      host.release(run, registry, epoch, leave);
    }
  }

  /** Tell the instance's {@link RoleMachine}, in this order. */
  record Give(RoleInput input) implements CampaignOutput {
    @Override
    public void perform(Host host) {
      host.give(input);
    }
  }
}
