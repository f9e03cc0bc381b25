package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceBox.Service;
import org.jspecify.annotations.Nullable;

/**
 * A component as a service of an IceBox: {@code
 * IceBox.Service.NAME=dev.firn.component.IceBoxComponent CLASS}. The service's name is that of the
 * instance; the class is a {@link ReplicatedComponent} with a constructor without arguments.
 */
public final class IceBoxComponent implements Service {
  private @Nullable ComponentInstance instance;

  public IceBoxComponent() {}

  @Override
  public void start(String name, Communicator communicator, String[] arguments) {
    if (arguments.length == 0) {
      throw new FailureException(
          "service "
              + name
              + " does not say which class it is; add it behind "
              + IceBoxComponent.class.getName());
    }
    try {
      instance =
          ComponentInstance.start(
              communicator,
              name,
              ComponentClass.create(arguments[0], ComponentClass.loader(getClass())));
    } catch (SettingsException e) {
      throw new FailureException("cannot start component " + name + ": " + e.getMessage(), e);
    } catch (LocalException e) {
      throw new FailureException(
          "cannot start component " + name + ":\n" + dev.firn.wire.Exceptions.text(e), e);
    }
  }

  @Override
  public void stop() {
    if (instance != null) {
      instance.close();
    }
  }
}
