package dev.firn.component;

import com.zeroc.Ice.Communicator;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsCompare;

/** Makes a {@link ReplicatedComponent} of parts. One thread, until {@link #build}. */
public final class ComponentBuilder {
  /** What is done in a hook; what it throws counts as it does for the hook. */
  @FunctionalInterface
  public interface Hook<T> {
    void accept(T argument) throws Exception;
  }

  /** A hook without an argument. */
  @FunctionalInterface
  public interface Action {
    void run() throws Exception;
  }

  private final Composed composed = new Composed();

  ComponentBuilder() {}

  /**
   * Adds an object; see {@link Services#add(String, com.zeroc.Ice.Object,
   * ServiceLocatorParams...)}.
   */
  public ComponentBuilder service(
      String identity, com.zeroc.Ice.Object servant, ServiceLocatorParams... params) {
    composed.services().add(identity, servant, params);
    return this;
  }

  /** Adds a facet, or an object that needs a comparator; see {@link Services}. */
  public ComponentBuilder service(
      String identity,
      String facet,
      com.zeroc.Ice.Object servant,
      String compareGuid,
      ServiceLocatorParams... params) {
    composed
        .services()
        .add(com.zeroc.Ice.Util.stringToIdentity(identity), facet, servant, compareGuid, params);
    return this;
  }

  /** Offers a comparator; see {@link Services#compare}. */
  public ComponentBuilder compare(String name, ServiceLocatorParamsCompare comparator) {
    composed.services().compare(name, comparator);
    return this;
  }

  /** What its configuration is found by; see {@link Services#configuration}. */
  public ComponentBuilder configuration(ServiceLocatorParams... params) {
    composed.services().configuration(params);
    return this;
  }

  /** See {@link ReplicatedComponent#communicator}. */
  public Communicator communicator() {
    return composed.communicator();
  }

  /** A part of the state; see {@link ReplicatedComponent#store}. */
  public <T> StateStore<T> store(String type, StateCodec<T> codec) {
    return composed.store(type, codec);
  }

  public ComponentBuilder configure(Hook<ConfigView> hook) {
    composed.configure = hook;
    return this;
  }

  public ComponentBuilder onActivate(Hook<Activation> hook) {
    composed.activate = hook;
    return this;
  }

  public ComponentBuilder onStandby(Action action) {
    composed.standby = action;
    return this;
  }

  public ComponentBuilder healthCheck(Action action) {
    composed.health = action;
    return this;
  }

  public ReplicatedComponent build() {
    return composed;
  }

  private static final class Composed extends ReplicatedComponent {
    private volatile Hook<ConfigView> configure = configuration -> {};
    private volatile Hook<Activation> activate = activation -> {};
    private volatile Action standby = () -> {};
    private volatile Action health = () -> {};

    @Override
    protected void configure(ConfigView configuration) throws Exception {
      configure.accept(configuration);
    }

    @Override
    protected void onActivate(Activation activation) throws Exception {
      activate.accept(activation);
    }

    @Override
    protected void onStandby() throws Exception {
      standby.run();
    }

    @Override
    protected void healthCheck() throws Exception {
      health.run();
    }
  }
}
