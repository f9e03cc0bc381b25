package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectionRefusedException;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectNotExistException;
import dev.firn.failover.CampaignConfig;
import dev.firn.failover.CampaignInput;
import dev.firn.failover.CampaignOutput;
import dev.firn.failover.LeaseAnswer;
import dev.firn.failover.LeaseCampaign;
import dev.firn.failover.RoleInput;
import dev.firn.wire.Async;
import dev.firn.wire.Failover.V1.Candidate;
import dev.firn.wire.Failover.V1.NotLeaseAuthority;
import dev.firn.wire.Failover.V1.RoleLeasesPrx;
import dev.firn.wire.LeaseContext;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Campaigns for the role at the registries: performs what a {@link LeaseCampaign} wants. Belongs to
 * the thread of the role, which never waits.
 */
final class LeaseHost implements CampaignOutput.Host {
  private static final int LIMIT_MILLIS = 1_000;
  private static final String LEASES = "RoleLeases";

  /** What the campaign does with the role's thread. */
  interface Role {
    long nowMillis();

    /** Runs later on the thread. */
    void execute(Runnable task);

    /** One step of the role, now. */
    void give(RoleInput input);
  }

  private final List<RoleLeasesPrx> registries;
  private final String group;
  private final String instance;
  private final OptionalLong fallbackAfterSeconds;
  private final Supplier<Candidate> candidate;
  private final LongSupplier configurationRevision;
  private final Role role;
  private final LeaseCampaign campaign;

  /**
   * @param candidate what the instance says of itself, at the time of asking
   * @param configurationRevision the last that it has taken then
   * @throws SettingsException there is no registry to ask
   */
  LeaseHost(
      Communicator communicator,
      ComponentSettings settings,
      Supplier<Candidate> candidate,
      LongSupplier configurationRevision,
      Role role) {
    this.registries = registries(communicator, settings);
    this.group = settings.group();
    this.instance = settings.name();
    this.fallbackAfterSeconds = settings.fallbackAfterSeconds();
    this.candidate = candidate;
    this.configurationRevision = configurationRevision;
    this.role = role;
    this.campaign =
        new LeaseCampaign(CampaignConfig.defaults(), instance, registries.size(), role.nowMillis());
  }

  /**
   * One for each endpoint of the locator, so that each registry is asked by itself: through a proxy
   * with the endpoints of all, Ice would go on with the one that it is connected to.
   */
  private static List<RoleLeasesPrx> registries(
      Communicator communicator, ComponentSettings settings) {
    LocatorPrx locator = communicator.getDefaultLocator();
    // Each registry is asked by itself, so a locator that multicast finds is not enough.
    if (locator == null || locator.ice_getEndpoints().length == 0) {
      throw new SettingsException(
          settings.name()
              + ".Manager=firn needs Ice.Default.Locator: the registries that give the role");
    }
    RoleLeasesPrx any =
        RoleLeasesPrx.uncheckedCast(
            locator
                .ice_identity(new Identity(LEASES, locator.ice_getIdentity().category))
                .ice_invocationTimeout(LIMIT_MILLIS));
    List<RoleLeasesPrx> each = new ArrayList<>();
    for (Endpoint endpoint : any.ice_getEndpoints()) {
      each.add(RoleLeasesPrx.uncheckedCast(any.ice_endpoints(new Endpoint[] {endpoint})));
    }
    return each.isEmpty() ? List.of(any) : List.copyOf(each);
  }

  void step(CampaignInput input) {
    for (CampaignOutput output : campaign.step(role.nowMillis(), input)) {
      output.perform(this);
    }
  }

  OptionalLong wakeAtMillis() {
    return campaign.wakeAtMillis();
  }

  @Override
  public void campaign(long run, int registry) {
    ask(
        registry,
        leases ->
            leases.campaignAsync(
                candidate.get(),
                LeaseContext.of(fallbackAfterSeconds, configurationRevision.getAsLong())),
        lease ->
            new CampaignInput.Answered(
                run, new LeaseAnswer.Lease(lease.holder, lease.epoch, lease.termMillis)),
        failure ->
            failure instanceof NotLeaseAuthority
                    || failure instanceof ConnectionRefusedException
                    || failure instanceof ObjectNotExistException
                ? new CampaignInput.NoAuthority(run)
                : new CampaignInput.Silent(run));
  }

  @Override
  public void release(long run, int registry, long epoch, boolean leave) {
    ask(
        registry,
        leases -> leases.releaseAsync(group, instance, epoch, leave),
        done -> new CampaignInput.Released(run),
        failure -> new CampaignInput.ReleaseFailed(run));
  }

  @Override
  public void give(RoleInput input) {
    role.give(input);
  }

  private <T> void ask(
      int registry,
      Function<RoleLeasesPrx, CompletionStage<T>> call,
      Function<T, CampaignInput> answer,
      Function<Throwable, CampaignInput> failed) {
    call.apply(registries.get(registry))
        .whenComplete(
            (result, failure) ->
                role.execute(
                    () ->
                        step(
                            failure == null
                                ? answer.apply(result)
                                : failed.apply(Async.cause(failure)))));
  }
}
