package dev.firn.component;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.Properties;
import dev.firn.wire.AsteriskSCF.System.Configuration.V1.ConfigurationGroup;
import java.util.List;

/**
 * What a component is configured with. Its technical domain is in the groups, which configurators
 * push; the properties say little more than how to reach others.
 *
 * @param name of the instance
 * @param groups as they are now, all of them; objects of the component's own Slice classes, not to
 *     be changed
 * @param revision counts the changes, where the state replicator counts them; else 0
 * @param properties of the communicator; a component's own are {@code <name>.Component.*}
 */
public record ConfigView(
    String name, List<ConfigurationGroup> groups, long revision, Properties properties) {
  public ConfigView {
    requireNonNull(name, "name");
    requireNonNull(properties, "properties");
    groups = List.copyOf(groups);
  }

  /** The groups of one class. */
  public <G extends ConfigurationGroup> List<G> groups(Class<G> type) {
    return groups.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** The property {@code <name>.Component.<suffix>}, or the default. */
  public String property(String suffix, String fallback) {
    return properties.getPropertyWithDefault(name + ".Component." + suffix, fallback);
  }
}
