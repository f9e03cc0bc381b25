package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationException;
import com.zeroc.Ice.LocatorPrx;
import com.zeroc.Ice.LocatorRegistryPrx;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Process;
import com.zeroc.Ice.ProcessPrx;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.ServerNotFoundException;

/** The {@code Process} facet of an Admin object: ends the process in order. */
public final class ProcessFacet implements Process {
  private static final String FACET = "Process";
  private static final String SERVER_ID = "Ice.Admin.ServerId";
  private static final int TIMEOUT_MILLIS = 10_000;

  private final Process standard;
  private final Runnable shutdown;

  private ProcessFacet(Process standard, Runnable shutdown) {
    this.standard = standard;
    this.shutdown = shutdown;
  }

  /**
   * Replaces the standard facet, if {@code Ice.Admin.Facets} has it. Before {@link #createAdmin}.
   */
  public static void install(Communicator communicator, Runnable shutdown) {
    if (communicator.findAdminFacet(FACET) instanceof Process standard) {
      communicator.removeAdminFacet(FACET);
      communicator.addAdminFacet(new ProcessFacet(standard, shutdown), FACET);
    }
  }

  /**
   * Makes the Admin object, and tells the registry of it where this process is itself a deployed
   * server. Ice would do that, but calls the registry while it holds the lock that the answer
   * needs. Blocks, for a limited time.
   *
   * <p>To be called before anybody else uses the adapter. Ice takes its own lock and then the
   * adapter's to make the Admin object, but the adapter's and then its own to add any other servant
   * or make a proxy, so that both at the same time wait for each other for ever. For the same
   * reason, use the proxy that is returned and the adapter's facets from then on, not the
   * communicator's {@code getAdmin} and {@code findAdminFacet}.
   *
   * @return the Admin object
   * @throws com.zeroc.Ice.LocalException if the registry cannot be told
   */
  public static ObjectPrx createAdmin(
      Communicator communicator, ObjectAdapter adapter, Identity id) {
    Properties properties = communicator.getProperties();
    String serverId = properties.getProperty(SERVER_ID);
    properties.setProperty(SERVER_ID, "");
    ObjectPrx admin = communicator.createAdmin(adapter, id);
    properties.setProperty(SERVER_ID, serverId);
    LocatorPrx locator = communicator.getDefaultLocator();
    if (serverId.isEmpty() || locator == null) {
      return admin;
    }
    LocatorRegistryPrx registry = locator.ice_invocationTimeout(TIMEOUT_MILLIS).getRegistry();
    if (registry == null) {
      return admin;
    }
    try {
      registry
          .ice_invocationTimeout(TIMEOUT_MILLIS)
          .setServerProcessProxy(serverId, ProcessPrx.uncheckedCast(admin.ice_facet(FACET)));
    } catch (ServerNotFoundException e) {
      throw new InitializationException("Locator knows nothing about server `" + serverId + "'", e);
    }
    return admin;
  }

  @Override
  public void shutdown(Current current) {
    shutdown.run();
  }

  @Override
  public void writeMessage(String message, int descriptor, Current current) {
    standard.writeMessage(message, descriptor, current);
  }
}
