package dev.firn.wire;

import com.zeroc.Ice.Properties;

/** What a process of ours sets for its communicators, unless the configuration does. */
public final class HostProperties {
  private static final String CLOSE_TIMEOUT = "Ice.Override.CloseTimeout";
  private static final String CLOSE_TIMEOUT_MILLIS = "1000";

  private HostProperties() {}

  public static void prepare(Properties properties) {
    // A peer that does not answer must not hold up the end of the service.
    if (properties.getProperty(CLOSE_TIMEOUT).isEmpty()) {
      properties.setProperty(CLOSE_TIMEOUT, CLOSE_TIMEOUT_MILLIS);
    }
  }
}
