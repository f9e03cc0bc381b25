package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.EndpointParseException;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.IdentityParseException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.ProxyParseException;
import com.zeroc.IceStorm.FinderPrx;
import com.zeroc.IceStorm.TopicManagerPrx;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The topic managers that icestormadmin knows, and the one that it uses. */
final class StormManagers {

  private static final String PREFIX = "IceStormAdmin.";
  private static final String MANAGER_PREFIX = PREFIX + "TopicManager.";
  private static final String OBJECT_NAME = "TopicManager";
  private static final int CONNECT_TIMEOUT_MILLIS = 3000;

  private final Map<Identity, TopicManagerPrx> managers;
  private TopicManagerPrx current;

  private StormManagers(Map<Identity, TopicManagerPrx> managers, TopicManagerPrx current) {
    this.managers = managers;
    this.current = current;
  }

  /** Those of the properties, or else the one that the finder names. */
  static StormManagers find(Communicator communicator) throws AdminException {
    Map<Identity, TopicManagerPrx> managers =
        new TreeMap<>(
            Comparator.comparing((Identity id) -> id.name).thenComparing(id -> id.category));
    TopicManagerPrx chosen = null;
    Properties properties = communicator.getProperties();
    for (String key : properties.getPropertiesForPrefix(MANAGER_PREFIX).keySet()) {
      String name = key.substring(MANAGER_PREFIX.length());
      // What has another dot is a property of a proxy.
      if (name.indexOf('.') < 0) {
        TopicManagerPrx manager = proxy(communicator, key);
        if (manager != null) {
          managers.put(manager.ice_getIdentity(), manager);
          chosen = name.equals("Default") ? manager : chosen;
        }
      }
    }
    if (chosen == null && !managers.isEmpty()) {
      chosen = managers.values().iterator().next();
    }
    if (chosen == null) {
      chosen = atHost(communicator);
      if (chosen != null) {
        managers.put(chosen.ice_getIdentity(), chosen);
      }
    }
    if (chosen == null) {
      throw AdminException.failure("no manager proxies configured");
    }
    return new StormManagers(managers, chosen);
  }

  private static @Nullable TopicManagerPrx proxy(Communicator communicator, String property)
      throws AdminException {
    try {
      return TopicManagerPrx.uncheckedCast(communicator.propertyToProxy(property));
    } catch (ProxyParseException | EndpointParseException | IdentityParseException e) {
      String value = communicator.getProperties().getProperty(property);
      throw AdminException.failure("malformed proxy: " + value);
    }
  }

  private static @Nullable TopicManagerPrx atHost(Communicator communicator) throws AdminException {
    String host = communicator.getProperties().getProperty(PREFIX + "Host");
    String port = communicator.getProperties().getProperty(PREFIX + "Port");
    if (port.isEmpty()) {
      return null;
    }
    String at =
        (host.isEmpty() ? "" : " -h \"" + host + "\"")
            + " -p "
            + port
            + " -t "
            + CONNECT_TIMEOUT_MILLIS;
    String text = "IceStorm/Finder:tcp" + at;
    if (TlsPlugin.isLoaded(communicator)) {
      text += ":ssl" + at;
    }
    ObjectPrx finder;
    try {
      finder = communicator.stringToProxy(text);
    } catch (ProxyParseException | EndpointParseException e) {
      throw AdminException.failure("malformed proxy: " + text);
    }
    try {
      return FinderPrx.uncheckedCast(finder).getTopicManager();
    } catch (LocalException e) {
      // Nobody there; the caller says that there is no manager.
      return null;
    }
  }

  TopicManagerPrx current() {
    return current;
  }

  void use(TopicManagerPrx manager) {
    current = manager;
  }

  Collection<TopicManagerPrx> all() {
    return Collections.unmodifiableCollection(managers.values());
  }

  /** The manager of an instance. */
  TopicManagerPrx of(String instance) throws CommandException {
    TopicManagerPrx manager = managers.get(new Identity(OBJECT_NAME, instance));
    if (manager == null) {
      throw new CommandException("couldn't find IceStorm service `" + instance + "'");
    }
    return manager;
  }
}
