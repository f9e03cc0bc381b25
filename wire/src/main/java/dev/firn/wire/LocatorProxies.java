package dev.firn.wire;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Properties;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorManagementPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;

/** Where the service locator of components is, by a communicator's properties. */
public final class LocatorProxies {
  /** Property of the object that answers look-ups. */
  public static final String LOCATOR = "ServiceLocatorProxy";

  /** Property of the object that takes registrations. */
  public static final String MANAGEMENT = "ServiceLocatorManagementProxy";

  private static final String LOCATOR_ALIAS = "LocatorService.Proxy";
  private static final String MANAGEMENT_ALIAS = "LocatorServiceManagement.Proxy";
  private static final String LOCATOR_DEFAULT = "LocatorService:tcp -p 4411";
  private static final String MANAGEMENT_DEFAULT = "LocatorServiceManagement:tcp -p 4422";

  private LocatorProxies() {}

  /**
   * The object that answers look-ups.
   *
   * @throws com.zeroc.Ice.LocalException the property is no proxy
   */
  public static ServiceLocatorPrx locator(Communicator communicator) {
    ComponentTypes.prepare(communicator);
    return ServiceLocatorPrx.uncheckedCast(
        communicator.stringToProxy(
            value(communicator.getProperties(), LOCATOR, LOCATOR_ALIAS, LOCATOR_DEFAULT)));
  }

  /**
   * The object that takes registrations.
   *
   * @throws com.zeroc.Ice.LocalException the property is no proxy
   */
  public static ServiceLocatorManagementPrx management(Communicator communicator) {
    ComponentTypes.prepare(communicator);
    return ServiceLocatorManagementPrx.uncheckedCast(
        communicator.stringToProxy(
            value(communicator.getProperties(), MANAGEMENT, MANAGEMENT_ALIAS, MANAGEMENT_DEFAULT)));
  }

  private static String value(
      Properties properties, String name, String alias, String defaultValue) {
    String value = properties.getProperty(name);
    return value.isEmpty() ? properties.getPropertyWithDefault(alias, defaultValue) : value;
  }
}
