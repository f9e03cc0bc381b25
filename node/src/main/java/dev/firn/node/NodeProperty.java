package dev.firn.node;

import com.zeroc.Ice.Logger;
import com.zeroc.Ice.Properties;

/** Every property of the node that is read in this package, with its default and its range. */
enum NodeProperty {
  NAME("IceGrid.Node.Name"),
  DATA("IceGrid.Node.Data"),
  ENDPOINTS("IceGrid.Node.Endpoints"),
  COLLOCATE_REGISTRY("IceGrid.Node.CollocateRegistry", 0, Integer.MIN_VALUE),
  /** Seconds: how long servers may take to start and to stop if their descriptors do not say. */
  WAIT_TIME("IceGrid.Node.WaitTime", 60, 1),
  /** Seconds; 0 never, negative for good. */
  DISABLE_ON_FAILURE("IceGrid.Node.DisableOnFailure", 0, Integer.MIN_VALUE),
  OUTPUT("IceGrid.Node.Output"),
  REDIRECT_ERR_TO_OUT("IceGrid.Node.RedirectErrToOut", 0, Integer.MIN_VALUE),
  PROPERTIES_OVERRIDE("IceGrid.Node.PropertiesOverride"),
  ALLOW_ENDPOINTS_OVERRIDE("IceGrid.Node.AllowEndpointsOverride", 0, Integer.MIN_VALUE),
  ALLOW_RUNNING_SERVERS_AS_ROOT("IceGrid.Node.AllowRunningServersAsRoot", 0, Integer.MIN_VALUE),
  USER_ACCOUNT_MAPPER("IceGrid.Node.UserAccountMapper"),
  USER_ACCOUNTS("IceGrid.Node.UserAccounts"),
  /** 0: as detected. */
  PROCESSOR_SOCKET_COUNT("IceGrid.Node.ProcessorSocketCount", 0, 0),
  PRINT_SERVERS_READY("IceGrid.Node.PrintServersReady"),
  INSTANCE_NAME("IceGrid.InstanceName"),
  LOCATOR("Ice.Default.Locator"),
  DISCOVERY_INSTANCE_NAME("IceLocatorDiscovery.InstanceName"),
  STDOUT("Ice.StdOut"),
  STDERR("Ice.StdErr"),
  ADMIN_ENABLED("Ice.Admin.Enabled", 1, Integer.MIN_VALUE),
  NOHUP("Ice.Nohup", 1, Integer.MIN_VALUE);

  private final String key;
  private final int number;
  private final int min;

  NodeProperty(String key) {
    this.key = key;
    number = 0;
    min = 0;
  }

  NodeProperty(String key, int number, int min) {
    this.key = key;
    this.number = number;
    this.min = min;
  }

  String key() {
    return key;
  }

  String of(Properties properties) {
    return properties.getProperty(key);
  }

  /** The value; Ice warns of one that is no number, and the default holds. */
  int number(Properties properties) {
    return properties.getPropertyAsIntWithDefault(key, number);
  }

  /** The value if it is in the range, otherwise the default and a warning. */
  int number(Properties properties, Logger logger) {
    int value = number(properties);
    if (value >= min) {
      return value;
    }
    logger.warning(
        "property `"
            + key
            + "' is set to "
            + value
            + ": expected "
            + min
            + " or more, using "
            + number);
    return number;
  }

  boolean on(Properties properties) {
    return number(properties) > 0;
  }
}
