package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Endpoint;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Properties;
import dev.firn.wire.IceLocatorDiscovery.LookupPrx;
import dev.firn.wire.IceLocatorDiscovery.LookupReply;
import dev.firn.wire.IceLocatorDiscovery.LookupReplyPrx;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Asks by multicast which registries there are. Every replica of a grid answers; their endpoints
 * are merged into one locator each. Blocks; one thread at a time.
 */
public final class LocatorDiscovery {

  /** Collects replies; called by Ice's threads, read by the one that asked. */
  private static final class Replies implements LookupReply {

    private final String instanceName;
    private final Map<Identity, LocatorPrx> locators = new LinkedHashMap<>();

    Replies(String instanceName) {
      this.instanceName = instanceName;
    }

    @Override
    public synchronized void foundLocator(LocatorPrx locator, Current current) {
      if (locator == null) {
        return;
      }
      Identity identity = locator.ice_getIdentity();
      if (!instanceName.isEmpty() && !identity.category.equals(instanceName)) {
        return;
      }
      LocatorPrx known = locators.get(identity);
      locators.put(identity, known == null ? locator : merge(known, locator));
      notifyAll();
    }

    private static LocatorPrx merge(LocatorPrx known, LocatorPrx found) {
      List<Endpoint> endpoints = new ArrayList<>(List.of(known.ice_getEndpoints()));
      for (Endpoint endpoint : found.ice_getEndpoints()) {
        if (!endpoints.contains(endpoint)) {
          endpoints.add(endpoint);
        }
      }
      return known.ice_endpoints(endpoints.toArray(new Endpoint[0]));
    }

    synchronized List<LocatorPrx> await(int timeoutMillis, boolean first)
        throws InterruptedException {
      long deadline = System.nanoTime() + timeoutMillis * 1_000_000L;
      while (!first || locators.isEmpty()) {
        long remainingMillis = (deadline - System.nanoTime()) / 1_000_000;
        if (remainingMillis <= 0) {
          break;
        }
        wait(remainingMillis);
      }
      return List.copyOf(locators.values());
    }
  }

  private final Communicator communicator;
  private final String name;
  private final Properties properties;

  private LocatorDiscovery(Communicator communicator, String name) {
    this.communicator = communicator;
    this.name = name;
    this.properties = communicator.getProperties();
  }

  /** Uses the settings of the properties that start with {@code name}. */
  public static LocatorDiscovery of(Communicator communicator, String name) {
    return new LocatorDiscovery(communicator, name);
  }

  /**
   * The locators that answer, one per grid.
   *
   * @param instanceName of the wanted grid, whose first answer ends the search; empty for all,
   *     which takes the full time
   */
  public List<LocatorPrx> locators(String instanceName) throws InterruptedException {
    boolean ipv6 = properties.getPropertyAsInt("Ice.PreferIPv6Address") > 0;
    int timeoutMillis = properties.getPropertyAsIntWithDefault(name + ".Timeout", 300);
    int attempts = 1 + properties.getPropertyAsIntWithDefault(name + ".RetryCount", 3);
    List<String> interfaces = interfaces(ipv6);
    var replies = new Replies(instanceName);
    ObjectAdapter adapter = replyAdapter();
    try {
      LookupReplyPrx reply =
          LookupReplyPrx.uncheckedCast(
              adapter.add(replies, new Identity(UUID.randomUUID().toString(), "")).ice_datagram());
      adapter.activate();
      List<LookupPrx> lookups = lookups(interfaces, ipv6);
      List<LocatorPrx> found = List.of();
      for (int i = 0; i < attempts && found.isEmpty(); i++) {
        if (!ask(lookups, instanceName, reply)) {
          break;
        }
        found = replies.await(timeoutMillis, !instanceName.isEmpty());
      }
      return found;
    } finally {
      adapter.destroy();
    }
  }

  /** Sends to every network; false if none could be used. */
  private static boolean ask(List<LookupPrx> lookups, String instanceName, LookupReplyPrx reply) {
    boolean sent = false;
    for (LookupPrx lookup : lookups) {
      try {
        lookup.findLocator(instanceName, reply);
        sent = true;
      } catch (LocalException exception) {
        // A network without multicast; the others may do.
      }
    }
    return sent;
  }

  private ObjectAdapter replyAdapter() {
    String adapterName = name + ".Reply";
    if (properties.getProperty(adapterName + ".Endpoints").isEmpty()) {
      String configured = properties.getProperty(name + ".Interface");
      properties.setProperty(
          adapterName + ".Endpoints",
          configured.isEmpty() ? "udp -h *" : "udp -h \"" + configured + "\"");
    }
    return communicator.createObjectAdapter(adapterName);
  }

  private List<LookupPrx> lookups(List<String> interfaces, boolean ipv6) {
    List<String> endpoints = new ArrayList<>();
    String configured = properties.getProperty(name + ".Lookup");
    if (configured.isEmpty()) {
      String group =
          properties.getPropertyWithDefault(name + ".Address", ipv6 ? "ff15::1" : "239.255.0.1");
      int port = properties.getPropertyAsIntWithDefault(name + ".Port", 4061);
      for (String address : interfaces) {
        endpoints.add("udp -h \"" + group + "\" -p " + port + " --interface \"" + address + "\"");
      }
    } else {
      endpoints.add(configured);
    }
    List<LookupPrx> lookups = new ArrayList<>();
    for (String endpoint : endpoints) {
      ObjectPrx proxy = communicator.stringToProxy("IceLocatorDiscovery/Lookup -d:" + endpoint);
      lookups.add(
          LookupPrx.uncheckedCast(
              proxy.ice_collocationOptimized(false).ice_router(null).ice_locator(null)));
    }
    return lookups;
  }

  /** The configured network interface, or an address of each that can multicast. */
  private List<String> interfaces(boolean ipv6) {
    String configured = properties.getProperty(name + ".Interface");
    if (!configured.isEmpty()) {
      return List.of(configured);
    }
    List<String> addresses = new ArrayList<>();
    try {
      Enumeration<NetworkInterface> all = NetworkInterface.getNetworkInterfaces();
      while (all.hasMoreElements()) {
        NetworkInterface network = all.nextElement();
        if (!network.isUp() || !(network.supportsMulticast() || network.isLoopback())) {
          continue;
        }
        Enumeration<InetAddress> candidates = network.getInetAddresses();
        while (candidates.hasMoreElements()) {
          InetAddress address = candidates.nextElement();
          boolean isIpv6 = address.getAddress().length > 4;
          if (isIpv6 == ipv6) {
            addresses.add(address.getHostAddress());
            break;
          }
        }
      }
    } catch (SocketException exception) {
      // Without a list of interfaces there is only the default one.
    }
    return addresses.isEmpty() ? List.of(ipv6 ? "::1" : "127.0.0.1") : addresses;
  }
}
