package dev.firn.registry;

import com.zeroc.Ice.Properties;

/** The properties that a registry sets itself, as the reference does. */
final class PropertyOverrides {
  private static final String PREFIX = "IceGrid.Registry.";
  private static final String CLOSE_ON_INVOCATION_AND_IDLE = "3";

  private static final String CLOSE_TIMEOUT_MILLIS = "1000";

  private PropertyOverrides() {}

  static void beforeCommunicator(Properties properties) {
    properties.setProperty("Ice.Admin.Endpoints", "");
    if (properties.getProperty("Ice.Admin.Enabled").isEmpty()) {
      properties.setProperty("Ice.Admin.Enabled", "1");
    }
    threads(properties, "Ice.ThreadPool.Client", 100);
    properties.setProperty("Ice.ACM.Close", CLOSE_ON_INVOCATION_AND_IDLE);
    properties.setProperty("Ice.ACM.Server.Close", CLOSE_ON_INVOCATION_AND_IDLE);
    // A peer that does not answer must not hold up the end of the registry.
    setIfUnset(properties, "Ice.Override.CloseTimeout", CLOSE_TIMEOUT_MILLIS);
    properties.setProperty("Ice.ServerIdleTime", "0");
    for (String adapter :
        new String[] {"Client", "Server", "Internal", "SessionManager", "AdminSessionManager"}) {
      properties.setProperty(PREFIX + adapter + ".AdapterId", "");
      threads(properties, PREFIX + adapter + ".ThreadPool", adapter.equals("Internal") ? 100 : 1);
    }
    properties.setProperty(PREFIX + "Server.ThreadPool.Serialize", "1");
    setIfUnset(properties, PREFIX + "Internal.MessageSizeMax", "0");
    int sessionTimeout = seconds(properties, "SessionTimeout");
    if (sessionTimeout > 0) {
      setIfUnset(properties, PREFIX + "Client.ACM.Timeout", Integer.toString(sessionTimeout));
    }
    setIfUnset(properties, PREFIX + "Server.ACM.Timeout", "30");
    int internal =
        Math.max(
            seconds(properties, "NodeSessionTimeout"),
            seconds(properties, "ReplicaSessionTimeout"));
    setIfUnset(properties, PREFIX + "Internal.ACM.Timeout", Integer.toString(internal));
  }

  private static int seconds(Properties properties, String name) {
    return properties.getPropertyAsIntWithDefault(PREFIX + name, 30);
  }

  /**
   * Raises a pool to at least one thread and to {@code max} at most; never lowers what is
   * configured.
   *
   * <p>The reference grows the pools of clients to ten, because its dispatches block. Ours do not:
   * one thread serves most look-ups, as more only take turns at reading the connections.
   */
  private static void threads(Properties properties, String pool, int max) {
    int size = Math.max(1, properties.getPropertyAsInt(pool + ".Size"));
    int sizeMax = properties.getPropertyAsInt(pool + ".SizeMax");
    properties.setProperty(pool + ".Size", Integer.toString(size));
    properties.setProperty(
        pool + ".SizeMax", Integer.toString(Math.max(Math.max(size, sizeMax), max)));
  }

  private static void setIfUnset(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }
}
