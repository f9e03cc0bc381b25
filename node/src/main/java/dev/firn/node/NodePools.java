package dev.firn.node;

import com.zeroc.Ice.Properties;

/** The properties that a node sets itself before there is a communicator. */
final class NodePools {
  private static final String CLOSE_ON_INVOCATION_AND_IDLE = "3";
  private static final int DEFAULT_MAX = 100;

  private NodePools() {}

  static void beforeCommunicator(Properties properties) {
    properties.setProperty("Ice.Admin.Endpoints", "");
    if (properties.getProperty("Ice.Admin.Enabled").isEmpty()) {
      properties.setProperty("Ice.Admin.Enabled", "1");
    }
    properties.setProperty("Ice.ServerIdleTime", "0");
    properties.setProperty("Ice.ACM.Close", CLOSE_ON_INVOCATION_AND_IDLE);
    setIfUnset(properties, "Ice.Override.CloseTimeout", "1000");
    // Descriptors have no limit in size, so neither has what brings them.
    setIfUnset(properties, "IceGrid.Node.MessageSizeMax", "0");
    threads(properties, "Ice.ThreadPool.Client");
    threads(properties, "IceGrid.Node.ThreadPool");
  }

  /** At least one thread, and up to a hundred unless configured otherwise. */
  private static void threads(Properties properties, String pool) {
    int size = Math.max(1, properties.getPropertyAsInt(pool + ".Size"));
    int max = properties.getPropertyAsIntWithDefault(pool + ".SizeMax", DEFAULT_MAX);
    properties.setProperty(pool + ".Size", Integer.toString(size));
    properties.setProperty(pool + ".SizeMax", Integer.toString(Math.max(size, max)));
  }

  private static void setIfUnset(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }
}
