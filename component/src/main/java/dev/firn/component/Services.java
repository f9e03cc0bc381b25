package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Identity;
import com.zeroc.Ice.Object;
import com.zeroc.Ice.ServantLocator;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParamsCompare;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a component: added once, in any role, and served whenever the instance is active.
 * The Service adapter is another one in each activation, so a component keeps none. Any thread.
 */
public final class Services {
  /**
   * One object.
   *
   * @param params what it is found by with the service locator; none: it is not registered there
   * @param compareGuid of the comparator to ask, or empty
   */
  record Service(
      Identity identity,
      String facet,
      Object servant,
      List<ServiceLocatorParams> params,
      String compareGuid) {}

  /** Is told of what changes. Called with no lock held, on the thread of the caller. */
  interface Listener {
    void added(Service service);

    void removed(Identity identity);
  }

  private static final Listener NOBODY =
      new Listener() {
        @Override
        public void added(Service service) {}

        @Override
        public void removed(Identity identity) {}
      };

  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, Object> defaults = new LinkedHashMap<>();
  private final Map<String, ServantLocator> locators = new LinkedHashMap<>();
  private final Map<String, ServiceLocatorParamsCompare> comparators = new LinkedHashMap<>();
  private volatile List<ServiceLocatorParams> configuration = List.of();
  private volatile Listener listener = NOBODY;

  Services() {}

  /**
   * Adds an object.
   *
   * @param identity as in a stringified proxy
   * @param params what it can be found by with the service locator, each set on its own; its
   *     registration is {@code <group>.<identity>}
   * @throws IllegalArgumentException there is one with this identity
   */
  public Services add(String identity, Object servant, ServiceLocatorParams... params) {
    return add(Util.stringToIdentity(identity), "", servant, "", params);
  }

  /**
   * Adds an object, or a facet of one.
   *
   * @param facet empty: the default facet
   * @param compareGuid of a comparator: a name given to {@link #compare}, or the guid of one that
   *     somebody else has added to the service locator; empty: none
   */
  public Services add(
      Identity identity,
      String facet,
      Object servant,
      String compareGuid,
      ServiceLocatorParams... params) {
    requireNonNull(servant, "servant");
    Service service = new Service(identity, facet, servant, List.of(params), compareGuid);
    synchronized (services) {
      if (services.putIfAbsent(key(identity, facet), service) != null) {
        throw new IllegalArgumentException(
            "there is an object \"" + Util.identityToString(identity) + "\" already");
      }
    }
    listener.added(service);
    return this;
  }

  /**
   * Adds what serves all objects of a category that were not added by themselves; an empty category
   * stands for all. To be called before the instance is started.
   */
  public Services addDefault(Object servant, String category) {
    synchronized (services) {
      if (defaults.putIfAbsent(category, servant) != null) {
        throw new IllegalArgumentException("there is a default for \"" + category + "\" already");
      }
    }
    return this;
  }

  /**
   * Adds what finds a servant for each request to an object of a category that nothing else serves;
   * an empty category stands for all. It is asked by requests that are to be served only, so never
   * while the instance stands by; its {@code deactivate} is called whenever the Service adapter
   * goes, also at the end of each activation. To be called before the instance is started.
   *
   * @throws IllegalArgumentException there is one for this category
   */
  public Services addLocator(ServantLocator locator, String category) {
    requireNonNull(locator, "locator");
    synchronized (services) {
      if (locators.putIfAbsent(category, locator) != null) {
        throw new IllegalArgumentException(
            "there is a servant locator for \"" + category + "\" already");
      }
    }
    return this;
  }

  /**
   * Offers a comparator, in every role: the service locator asks it about services whose params say
   * its name, where equal names are not enough. It has half a second for each answer, and must not
   * rely on the state. To be called before the instance is started.
   *
   * @param name unique in the component; with the locator its guid is {@code <instance>.<name>}
   * @throws IllegalArgumentException there is one of this name, or it is empty
   */
  public Services compare(String name, ServiceLocatorParamsCompare comparator) {
    requireNonNull(comparator, "comparator");
    synchronized (services) {
      if (name.isEmpty() || comparators.putIfAbsent(name, comparator) != null) {
        throw new IllegalArgumentException(
            "a comparator needs a name of its own, not \"" + name + "\"");
      }
    }
    return this;
  }

  /**
   * What configurators find the component's configuration by, such as params of a class of its own:
   * a standalone instance at itself, a group at its state replicator, once an instance has told it.
   * Besides, it is found with category {@code Configuration} and the name of the state's stream. To
   * be called before the instance is started.
   */
  public Services configuration(ServiceLocatorParams... params) {
    configuration = List.of(params);
    return this;
  }

  List<ServiceLocatorParams> configuration() {
    return configuration;
  }

  /** Takes an object away, with all its facets. */
  public void remove(String identity) {
    Identity removed = Util.stringToIdentity(identity);
    synchronized (services) {
      services.values().removeIf(service -> service.identity().equals(removed));
    }
    listener.removed(removed);
  }

  List<Service> all() {
    synchronized (services) {
      return new ArrayList<>(services.values());
    }
  }

  /** By category. */
  Map<String, Object> defaults() {
    synchronized (services) {
      return new LinkedHashMap<>(defaults);
    }
  }

  /** By category. */
  Map<String, ServantLocator> locators() {
    synchronized (services) {
      return new LinkedHashMap<>(locators);
    }
  }

  /** By name. */
  Map<String, ServiceLocatorParamsCompare> comparators() {
    synchronized (services) {
      return new LinkedHashMap<>(comparators);
    }
  }

  void listen(Listener newListener) {
    listener = newListener;
  }

  private static String key(Identity identity, String facet) {
    return Util.identityToString(identity) + " " + facet;
  }
}
