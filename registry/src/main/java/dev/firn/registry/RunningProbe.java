package dev.firn.registry;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;

/** Finds out whether a registry listens on the client endpoints already. */
final class RunningProbe {
  private static final int TIMEOUT_MILLIS = 5_000;
  private static final String ENDPOINTS = "IceGrid.Registry.Client.Endpoints";

  private RunningProbe() {}

  /**
   * Pings the locator at the endpoints that this registry is going to use.
   *
   * @throws ConfigurationException if it answers
   */
  static void check(Communicator communicator, RegistryNames names) throws ConfigurationException {
    String endpoints = communicator.getProperties().getProperty(ENDPOINTS);
    String identity = communicator.identityToString(names.id("Locator"));
    try {
      communicator
          .stringToProxy("\"" + identity + "\":" + endpoints)
          .ice_invocationTimeout(TIMEOUT_MILLIS)
          .ice_connectionId("firn-probe")
          .ice_ping();
    } catch (LocalException e) {
      return; // nobody there, or endpoints that creating the adapter will complain about
    }
    throw new ConfigurationException(
        "an IceGrid registry is already running and listening on the client endpoints `"
            + endpoints
            + "'");
  }
}
