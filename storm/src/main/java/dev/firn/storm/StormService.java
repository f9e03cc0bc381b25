package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceBox.Service;
import org.jspecify.annotations.Nullable;

/**
 * The publish-subscribe service for an IceBox: {@code
 * IceBox.Service.IceStorm=dev.firn.storm.StormService}. The service's name is the prefix of its
 * properties. {@code firn icebox} also takes the entry point of ZeroC's service.
 *
 * <p>An IceBox starts and stops it from one thread at a time; a failed start throws {@link
 * FailureException} and leaves nothing behind.
 */
public final class StormService implements Service {
  private @Nullable Storm storm;

  /** For IceBox, which looks for it first. The communicator is not needed. */
  public StormService(Communicator communicator) {}

  public StormService() {}

  @Override
  public void start(String name, Communicator communicator, String[] arguments) {
    // An IceBox itself takes only Ice's properties and those of the service from the arguments.
    communicator.getProperties().parseCommandLineOptions("Firn", arguments);
    Storm starting = new Storm(communicator, name);
    starting.start();
    storm = starting;
  }

  @Override
  public void stop() {
    Storm running = storm;
    storm = null;
    if (running != null) {
      running.stop();
    }
  }
}
