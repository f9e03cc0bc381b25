package dev.firn.systemtests;

import dev.firn.component.ConfigView;
import dev.firn.component.ReplicatedComponent;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import java.util.TreeMap;

/**
 * Prints each configuration that it is given: its revision and the serial number of each item.
 * Refuses one with an item {@code not-INSTANCE}, if it is that instance.
 */
public final class ConfiguredComponent extends ReplicatedComponent {
  @Override
  protected void configure(ConfigView configuration) {
    TreeMap<String, Integer> serials = new TreeMap<>();
    for (ConfigurationGroup group : configuration.groups()) {
      group.configurationItems.forEach((name, item) -> serials.put(name, item.serialNumber));
    }
    if (serials.containsKey("not-" + configuration.name())) {
      throw new IllegalArgumentException("not for " + configuration.name());
    }
    System.out.println("configured " + configuration.revision() + " " + serials);
  }
}
