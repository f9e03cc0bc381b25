package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.ObjectPrx;
import dev.firn.wire.EpochContext;
import java.util.Map;

/**
 * One time of being active. Any thread; over once the component's {@code onStandby} is called.
 *
 * @param group the replica group
 * @param instance the name of this instance
 * @param epoch of this activation, greater than that of any before it in the group
 * @param publisher of the state; there is one even if nobody follows the state
 */
public record Activation(String group, String instance, long epoch, StatePublisher publisher) {
  public Activation {
    requireNonNull(group, "group");
    requireNonNull(instance, "instance");
    requireNonNull(publisher, "publisher");
  }

  /**
   * The same proxy, whose calls say of which epoch they are: a receiver with an {@link EpochGuard}
   * refuses them once it has heard of a newer one.
   */
  @SuppressWarnings("unchecked") // ice_context gives an object of the same class
  public <P extends ObjectPrx> P outgoing(P proxy) {
    Map<String, String> context = new EpochContext(group, epoch).in(proxy.ice_getContext());
    return (P) proxy.ice_context(context);
  }
}
