package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.CommunicatorDestroyedException;
import com.zeroc.Ice.ConnectionClose;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectAdapterDeactivatedException;
import com.zeroc.Ice.ObjectPrx;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The adapter on the movable address, with all that a component serves. Each activation makes it
 * anew, unless it is bound early: Ice opens the sockets of an adapter when it is created, and a
 * standby has not the address.
 *
 * <p>Any thread; {@link #open}, {@link #hold} and {@link #close} wait for sockets and requests.
 */
final class ServiceAdapter {
  private final Communicator communicator;
  private final String name;
  private final Services services;
  private final UnaryOperator<com.zeroc.Ice.Object> interceptor;
  private final boolean lateBind;
  private final ConnectionTable connections = new ConnectionTable();
  private volatile @Nullable ObjectAdapter adapter;

  /** Whether an adapter that was closed still waits for a request of the last activation. */
  private boolean ending;

  /** Counts the closes: what an open that is overtaken by one has made is not kept. */
  private long closes;

  /**
   * @param interceptor what stands before each servant
   */
  ServiceAdapter(
      Communicator communicator,
      String name,
      boolean lateBind,
      Services services,
      UnaryOperator<com.zeroc.Ice.Object> interceptor) {
    this.communicator = communicator;
    this.name = name;
    this.lateBind = lateBind;
    this.services = services;
    this.interceptor = interceptor;
  }

  /**
   * Binds early, if so configured: requests are answered from now on, if only to say that this is
   * not the active instance.
   *
   * @throws LocalException the address cannot be bound, or the configuration is wrong
   */
  void bindEarly() {
    if (!lateBind) {
      ObjectAdapter created = create();
      adapter = created;
      created.activate();
    }
  }

  /**
   * Opens once.
   *
   * @throws LocalException the address cannot be bound (yet), or the configuration is wrong
   * @throws IllegalStateException a request of the last activation has not ended
   */
  void open() {
    ObjectAdapter current = openable();
    if (current == null) {
      long before = closes();
      current = create();
      if (!keep(current, before)) {
        current.destroy();
        throw new ObjectAdapterDeactivatedException(name);
      }
    }
    try {
      current.activate();
    } catch (LocalException e) {
      close(true);
      throw e;
    }
  }

  private synchronized @Nullable ObjectAdapter openable() {
    if (ending) {
      throw new IllegalStateException("a request of the last activation has not ended");
    }
    return adapter;
  }

  private synchronized long closes() {
    return closes;
  }

  private synchronized boolean keep(ObjectAdapter created, long before) {
    if (closes != before) {
      return false;
    }
    adapter = created;
    return true;
  }

  private synchronized @Nullable ObjectAdapter closing() {
    closes++;
    return adapter;
  }

  /** Whether nobody else does it already. */
  private synchronized boolean begin() {
    boolean first = !ending;
    ending = true;
    return first;
  }

  private synchronized void ended() {
    adapter = null;
    ending = false;
  }

  private ObjectAdapter create() {
    ObjectAdapter created = communicator.createObjectAdapter(name);
    try {
      services.all().forEach(service -> add(created, service));
      services
          .defaults()
          .forEach(
              (category, servant) -> created.addDefaultServant(intercepted(servant), category));
      services
          .locators()
          .forEach(
              (category, locator) ->
                  created.addServantLocator(
                      new GatedServantLocator(locator, this::intercepted), category));
      return created;
    } catch (RuntimeException e) {
      created.destroy();
      throw e;
    }
  }

  private void add(ObjectAdapter target, Services.Service service) {
    target.addFacet(intercepted(service.servant()), service.identity(), service.facet());
  }

  private com.zeroc.Ice.Object intercepted(com.zeroc.Ice.Object servant) {
    return connections.watching(interceptor.apply(servant));
  }

  /** Takes no new requests; returns when those in progress are answered. */
  void hold() {
    ObjectAdapter current = adapter;
    if (current != null && lateBind) {
      current.hold();
      current.waitForHold();
    }
  }

  /**
   * Closes the connections, and the sockets unless they were bound early.
   *
   * @param abrupt whether nothing in progress may be answered
   */
  void close(boolean abrupt) {
    ObjectAdapter current = closing();
    if (current == null) {
      return;
    }
    if (!lateBind) {
      connections.close(abrupt ? ConnectionClose.Forcefully : ConnectionClose.Gracefully);
      return;
    }
    if (abrupt) {
      connections.close(ConnectionClose.Forcefully);
    }
    if (!begin()) {
      // The sockets are closed; what is waited for are requests that do not end.
      return;
    }
    try {
      current.destroy();
    } catch (CommunicatorDestroyedException e) {
      // It has gone with its communicator.
    }
    connections.clear();
    ended();
  }

  /** Ends what {@link #close} waits for. */
  void abort() {
    connections.close(ConnectionClose.Forcefully);
  }

  /** At the end of the instance: closes also what was bound early. */
  void destroy() {
    ObjectAdapter current = closing();
    if (current != null && begin()) {
      current.destroy();
      ended();
    }
  }

  /** Serves an object that was added while the instance is active. */
  void added(Services.Service service) {
    ObjectAdapter current = adapter;
    if (current != null) {
      try {
        add(current, service);
      } catch (ObjectAdapterDeactivatedException e) {
        // The next activation has it.
      }
    }
  }

  void removed(Identity identity) {
    ObjectAdapter current = adapter;
    if (current != null) {
      try {
        current.removeAllFacets(identity);
      } catch (LocalException e) {
        // Not there any more either.
      }
    }
  }

  /**
   * How clients reach an object.
   *
   * @throws LocalException the adapter is closed
   */
  ObjectPrx proxy(Identity identity) {
    ObjectAdapter current = adapter;
    if (current == null) {
      throw new ObjectAdapterDeactivatedException(name);
    }
    return current.createProxy(identity);
  }
}
