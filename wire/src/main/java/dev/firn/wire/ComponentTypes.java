package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Properties;
import java.util.List;

/** Where Ice finds the Java classes of the Slice files of components. */
public final class ComponentTypes {
  private static final List<String> MODULES = List.of("AsteriskSCF", "Failover");
  private static final String PACKAGE = "dev.firn.wire";

  private ComponentTypes() {}

  /** Before a communicator is made. */
  public static void prepare(Properties properties) {
    for (String module : MODULES) {
      String name = "Ice.Package." + module;
      if (properties.getProperty(name).isEmpty()) {
        properties.setProperty(name, PACKAGE);
      }
    }
  }

  /** For a communicator that somebody else made; before it has seen any of these types. */
  public static void prepare(Communicator communicator) {
    prepare(communicator.getProperties());
  }
}
