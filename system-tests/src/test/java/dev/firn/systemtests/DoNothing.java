package dev.firn.systemtests;

import dev.firn.component.ReplicatedComponent;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** A component without state and services: only its role is of interest. */
public final class DoNothing extends ReplicatedComponent {
  /** Where this class is. */
  static String classPath() {
    try {
      return Path.of(DoNothing.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
