package dev.firn.registry;

import com.zeroc.Ice.Current;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import dev.firn.wire.IceLocatorDiscovery.Lookup;
import dev.firn.wire.IceLocatorDiscovery.LookupReplyPrx;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Answers clients that look for a locator by multicast. Any thread. */
final class DiscoveryServant implements Lookup {
  private final String instanceName;
  private final Supplier<LocatorPrx> locator;
  private final Traces traces;

  DiscoveryServant(String instanceName, Supplier<LocatorPrx> locator, Traces traces) {
    this.instanceName = instanceName;
    this.locator = locator;
    this.traces = traces;
  }

  @Override
  public void findLocator(String wantedInstance, @Nullable LookupReplyPrx reply, Current current) {
    if (!wantedInstance.isEmpty() && !wantedInstance.equals(instanceName)) {
      traces.trace(
          Traces.Category.DISCOVERY,
          2,
          () ->
              "ignored discovery lookup for instance name `"
                  + wantedInstance
                  + "':\nreply = "
                  + reply);
      return;
    }
    if (reply == null) {
      return;
    }
    traces.trace(
        Traces.Category.DISCOVERY, 1, () -> "replying to discovery lookup:\nreply = " + reply);
    try {
      reply
          .foundLocatorAsync(locator.get())
          .exceptionally(lost -> null); // The client asks again if it still needs an answer.
    } catch (LocalException useless) {
      // A reply proxy that cannot even be called: whoever sent it does not want an answer.
    }
  }
}
