package dev.firn.component;

import com.zeroc.Ice.Communicator;
import dev.firn.failover.StateItem;
import dev.firn.failover.StateUpdate;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What a developer of a component writes: its objects, its state, and what it does when its role
 * changes. To be extended, or {@linkplain #compose composed}.
 *
 * <p>In a constructor: {@link #store} and {@link #services}. All hooks are called on one thread,
 * one at a time, except {@link #healthCheck}; while a hook works, no other is called, but the
 * instance goes on answering who asks for its role. An instance is configured before it gets state,
 * and has state before it is activated; without a configuration or a replicator that part is left
 * out.
 */
public abstract class ReplicatedComponent {
  private final Services services = new Services();
  private final List<StateStore<?>> stores = new CopyOnWriteArrayList<>();
  private volatile @Nullable Communicator communicator;

  /** A component made of parts, without a class of its own. */
  public static ComponentBuilder compose() {
    return new ComponentBuilder();
  }

  /** The objects that the active instance serves. */
  public final Services services() {
    return services;
  }

  /**
   * The communicator that the instance runs in, for proxies of others and properties of its own.
   * Any thread; whoever started the instance destroys it.
   *
   * @throws IllegalStateException the instance was not started yet, as in a constructor
   */
  public final Communicator communicator() {
    Communicator current = communicator;
    if (current == null) {
      throw new IllegalStateException("the instance was not started: it has no communicator yet");
    }
    return current;
  }

  /**
   * A part of the state. To be asked for once, before the instance is started.
   *
   * @param type first part of the keys of its items; unique in the component
   */
  protected final <T> StateStore<T> store(String type, StateCodec<T> codec) {
    StateStore<T> store = new StateStore<>(type, codec);
    stores.add(store);
    return store;
  }

  /**
   * There is a configuration, or a new one. Called before the first state, and again with each
   * change, in every role.
   *
   * <p>What a class of groups adds to {@code ConfigurationGroup} distinguishes its groups, so it
   * should be a name or the like: a group with another value of any member is another group, and
   * the old one stays until it is removed. What is to be changed belongs into items.
   *
   * <p>What it throws is the answer to the configurator, if this is the active instance or has no
   * group; the instance keeps what it had. In a group the state replicator has stored the new one
   * by then: it says so in its answer, and tries it again until another one takes its place. A
   * {@code SerialConflict} reaches the configurator as it is.
   */
  protected void configure(ConfigView configuration) throws Exception {}

  /**
   * The whole state, of an instance that stands by: what it had is worth nothing any more. Fills
   * the stores; a component that uses no stores overrides it.
   *
   * <p>What it throws is reported, and the state is asked for again.
   */
  protected void applySnapshot(SortedMap<String, StateItem> items) throws Exception {
    for (StateStore<?> store : stores) {
      store.replaceAll(items);
    }
  }

  /** One change of the state, whole; else like {@link #applySnapshot}. */
  protected void applyUpdate(StateUpdate update) throws Exception {
    for (StateItem item : update.set()) {
      for (StateStore<?> store : stores) {
        if (store.has(item.key())) {
          store.apply(item);
        }
      }
    }
    for (String key : update.removed()) {
      for (StateStore<?> store : stores) {
        if (store.has(key)) {
          store.applyRemoved(key);
        }
      }
    }
  }

  /**
   * The instance is about to serve: from the state it makes what is not in the state, such as
   * timers and connections. No request arrives before it returns. The stores may be written to.
   *
   * <p>If it throws, the instance stands by again; twice in a row, and it has failed.
   */
  protected void onActivate(Activation activation) throws Exception {}

  /**
   * The instance serves no more, or could not be activated: gives up what it does in the name of
   * all. No request is being served any more, and the stores can only be read.
   */
  protected void onStandby() throws Exception {}

  /**
   * Throws if this instance could not serve, whatever its role. Called on any thread, also while a
   * hook works.
   */
  protected void healthCheck() throws Exception {}

  final void runsIn(Communicator of) {
    communicator = of;
  }

  final void storesWritable(StatePublisher publisher) {
    stores.forEach(store -> store.writable(publisher));
  }

  final void storesReadOnly() {
    stores.forEach(StateStore::readOnly);
  }
}
