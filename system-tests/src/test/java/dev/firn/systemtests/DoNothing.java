package dev.firn.systemtests;

import dev.firn.component.Activation;
import dev.firn.component.ReplicatedComponent;
import java.net.URISyntaxException;
import java.nio.file.Path;

/**
 * A component without state and services: only its role is of interest. It cannot be made active
 * where the environment has {@code DO_NOTHING_FAILS}.
 */
public final class DoNothing extends ReplicatedComponent {
  @Override
  protected void onActivate(Activation activation) {
    if (System.getenv("DO_NOTHING_FAILS") != null) {
      throw new IllegalStateException("told to fail");
    }
  }

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
