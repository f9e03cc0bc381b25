package dev.firn.wire;

import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import com.zeroc.IceInternal.Property;
import com.zeroc.IceInternal.PropertyNames;
import java.util.List;

/**
 * Sets properties without what Ice does at each: it makes up to two regular expressions of every
 * name that it knows and compares. A server that starts would spend half of its time on that.
 *
 * <p>For the thread that starts the program.
 */
public final class QuickProperties {
  private QuickProperties() {}

  /**
   * As {@link Util#createProperties(String[], List)}. Names that are not plainly those of Ice's
   * properties are set once more Ice's way, so that its warnings are given.
   */
  public static Properties create(String[] arguments, List<String> rest) {
    return create(arguments, Util.createProperties(), rest);
  }

  /** As {@link Util#createProperties(String[], Properties, List)}; the same holds for names. */
  public static Properties create(String[] arguments, Properties defaults, List<String> rest) {
    Properties[] created = new Properties[1];
    unchecked(() -> created[0] = Util.createProperties(arguments, defaults, rest));
    Properties properties = created[0];
    properties
        .getPropertiesForPrefix("")
        .forEach(
            (name, value) -> {
              if (!isKnown(name)) {
                // An old name becomes the new one.
                unchecked(() -> properties.setProperty(name, ""));
                properties.setProperty(name, value);
              }
            });
    return properties;
  }

  /**
   * Sets properties whose names are right.
   *
   * @param setting whatever it sets is set without a check
   */
  public static void unchecked(Runnable setting) {
    // The list of what Ice knows ends with null: without a first element there is nothing to check.
    Property[] first = PropertyNames.validProps[0];
    PropertyNames.validProps[0] = null;
    try {
      setting.run();
    } finally {
      PropertyNames.validProps[0] = first;
    }
  }

  private static boolean isKnown(String name) {
    int dot = name.indexOf('.');
    if (dot < 0) {
      return true;
    }
    String prefix = name.substring(0, dot);
    String last = name.substring(name.lastIndexOf('.') + 1);
    for (Property[] group : PropertyNames.validProps) {
      if (group != null && prefixOf(group).equalsIgnoreCase(prefix)) {
        return isKnown(name, last, group);
      }
    }
    return true;
  }

  private static String prefixOf(Property[] group) {
    String pattern = group[0].pattern();
    return pattern.substring(0, pattern.indexOf('.') - 1);
  }

  /**
   * Whether the first pattern of the group that is the name itself, its dots escaped, is in use.
   */
  private static boolean isKnown(String name, String last, Property[] group) {
    for (Property property : group) {
      if (property == null) {
        break;
      }
      String pattern = property.pattern();
      if (pattern.endsWith(last) && pattern.replace("\\.", ".").equals(name)) {
        return !property.deprecated();
      }
    }
    return false;
  }
}
