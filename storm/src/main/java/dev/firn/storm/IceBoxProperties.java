package dev.firn.storm;

import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceUtilInternal.Options;
import dev.firn.tls.TlsConfiguration;
import dev.firn.wire.HostProperties;
import dev.firn.wire.LocatorDiscoveryPluginFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Makes an IceBox configuration that was written for ZeroC's C++ service run this one. */
final class IceBoxProperties {
  private static final String SERVICE = "IceBox.Service.";
  private static final String INHERIT = "IceBox.InheritProperties";

  private static final String LIBRARY =
      "(?:lib)?IceStormService(?:\\+\\+11)?(?:,\\d+)?(?:\\.so(?:\\.\\d+)*)?:createIceStorm";

  /** Such as IceStormService,37:createIceStorm, with or without a path, lib and version. */
  private static final Pattern CPP_ENTRY_POINT =
      Pattern.compile(
          "^(?:(?:[^\\s\"]*[/\\\\])?"
              + LIBRARY
              + "|\"(?:[^\"]*[/\\\\])?"
              + LIBRARY
              + "\")(?=\\s|$)");

  private static final String FIRN = "Firn.";

  private IceBoxProperties() {}

  /** Whether an entry point is that of IceStorm, in C++ or ours. */
  static boolean isStorm(String value) {
    String entryPoint = value.strip();
    return CPP_ENTRY_POINT.matcher(entryPoint).find()
        || entryPoint.startsWith(StormService.class.getName());
  }

  /**
   * To be called with the properties of an IceBox, before its communicator is made: services with
   * the C++ entry point name {@link StormService} afterwards, and find TLS where they configure it.
   */
  static void prepare(Properties properties) {
    HostProperties.prepare(properties);
    Map<String, String> services = properties.getPropertiesForPrefix(SERVICE);
    services.forEach(
        (name, value) -> {
          String ours =
              CPP_ENTRY_POINT.matcher(value.strip()).replaceFirst(StormService.class.getName());
          properties.setProperty(name, ours + additions(ours, properties));
        });
    TlsConfiguration.prepare(properties);
    LocatorDiscoveryPluginFactory.prepare(properties);
  }

  /**
   * What the properties of a service lack, as options after the arguments of its entry point: those
   * win over its configuration file.
   */
  private static String additions(String value, Properties iceBox) {
    Properties service;
    try {
      List<String> arguments = new ArrayList<>(List.of(Options.split(value)));
      service =
          Util.createProperties(
              arguments.toArray(new String[0]),
              iceBox.getPropertyAsInt(INHERIT) > 0 ? iceBox._clone() : Util.createProperties());
    } catch (LocalException | Options.BadQuote e) {
      // The IceBox will meet the same, and report it.
      return "";
    }
    Map<String, String> before = service.getPropertiesForPrefix("");
    TlsConfiguration.prepare(service);
    LocatorDiscoveryPluginFactory.prepare(service);
    HostProperties.prepare(service);
    iceBox.getPropertiesForPrefix(FIRN).forEach((name, of) -> setIfUnset(service, name, of));
    StringBuilder added = new StringBuilder();
    service
        .getPropertiesForPrefix("")
        .forEach(
            (name, after) -> {
              if (!after.equals(before.getOrDefault(name, ""))) {
                added.append(" --").append(name).append('=').append(after);
              }
            });
    before
        .keySet()
        .forEach(
            name -> {
              if (service.getProperty(name).isEmpty()) {
                added.append(" --").append(name).append('=');
              }
            });
    return added.toString();
  }

  private static void setIfUnset(Properties properties, String name, String value) {
    if (properties.getProperty(name).isEmpty()) {
      properties.setProperty(name, value);
    }
  }
}
