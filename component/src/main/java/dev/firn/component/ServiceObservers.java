package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import dev.firn.failover.ServiceEvent;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorEventsPrx;
import dev.firn.wire.Async;
import dev.firn.wire.Exceptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Tells observers what is registered: the objects of the properties {@code
 * Firn.Locator.Events.NAME}. A topic's publisher object is one that any number of others can
 * subscribe to.
 *
 * <p>Events go out in order, one at a time to each observer. One that does not keep up loses the
 * oldest; one that fails loses the event, and is told of the next.
 */
final class ServiceObservers {
  static final String PROPERTY = "Firn.Locator.Events.";

  private static final int CALL_LIMIT_MILLIS = 5_000;
  private static final int QUEUE_MAX = 1_000;

  private final List<Observer> observers = new ArrayList<>();

  /**
   * @throws com.zeroc.Ice.LocalException a property is no proxy
   */
  ServiceObservers(Communicator communicator) {
    Properties properties = communicator.getProperties();
    for (String name : properties.getPropertiesForPrefix(PROPERTY).keySet()) {
      ObjectPrx proxy = communicator.propertyToProxy(name);
      if (proxy != null) {
        observers.add(
            new Observer(
                communicator,
                name.substring(PROPERTY.length()),
                ServiceLocatorEventsPrx.uncheckedCast(
                    proxy.ice_invocationTimeout(CALL_LIMIT_MILLIS))));
      }
    }
  }

  /** Any thread; does not wait. */
  void tell(ServiceEvent event) {
    observers.forEach(observer -> observer.tell(event));
  }

  private static final class Observer {
    private final Communicator communicator;
    private final String name;
    private final ServiceLocatorEventsPrx proxy;
    private final Deque<ServiceEvent> queue = new ArrayDeque<>();
    private boolean calling;
    private boolean failing;

    Observer(Communicator communicator, String name, ServiceLocatorEventsPrx proxy) {
      this.communicator = communicator;
      this.name = name;
      this.proxy = proxy;
    }

    void tell(ServiceEvent event) {
      synchronized (queue) {
        if (queue.size() == QUEUE_MAX) {
          queue.removeFirst();
        }
        queue.addLast(event);
        if (calling) {
          return;
        }
        calling = true;
      }
      next();
    }

    private void next() {
      ServiceEvent event;
      synchronized (queue) {
        event = queue.pollFirst();
        calling = event != null;
      }
      if (event != null) {
        try {
          call(event)
              .whenComplete(
                  (unused, failure) -> {
                    answered(failure);
                    next();
                  });
        } catch (com.zeroc.Ice.CommunicatorDestroyedException e) {
          // The locator ends.
        }
      }
    }

    private void answered(@org.jspecify.annotations.Nullable Throwable failure) {
      boolean news = (failure != null) != failing;
      failing = failure != null;
      if (news && failure != null) {
        communicator
            .getLogger()
            .warning(
                "observer "
                    + name
                    + " does not take events: "
                    + Exceptions.text(Async.cause(failure)).replace('\n', ' '));
      }
    }

    private CompletionStage<Void> call(ServiceEvent event) {
      return switch (event.kind()) {
        case COMPARISON_REGISTERED -> proxy.comparisonRegisteredAsync(event.guid());
        case COMPARISON_UNREGISTERED -> proxy.comparisonUnregisteredAsync(event.guid());
        case SERVICE_REGISTERED -> proxy.serviceRegisteredAsync(event.guid());
        case SERVICE_UNREGISTERED -> proxy.serviceUnregisteredAsync(event.guid());
        case SERVICE_SUSPENDED -> proxy.serviceSuspendedAsync(event.guid());
        case SERVICE_UNSUSPENDED -> proxy.serviceUnsuspendedAsync(event.guid());
      };
    }
  }
}
