package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceBox.Service;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A component as a service of an IceBox for Java: {@code
 * IceBox.Service.NAME=dev.firn.component.IceBoxComponent CLASS [--classpath JARS]}. The service's
 * name is that of the instance; the class is a {@link ReplicatedComponent} with a constructor
 * without arguments, in the jars or on the IceBox's own class path.
 */
public final class IceBoxComponent implements Service {
  private static final String CLASS_PATH = "--classpath";

  private @Nullable ComponentInstance instance;

  public IceBoxComponent() {}

  @Override
  public void start(String name, Communicator communicator, String[] arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    int option = words.indexOf(CLASS_PATH);
    String path = "";
    if (option >= 0 && option + 1 < words.size()) {
      words.remove(option);
      path = words.remove(option);
    }
    if (words.size() != 1 || words.get(0).startsWith("-")) {
      throw new FailureException(
          "service "
              + name
              + " does not say which class it is; write "
              + IceBoxComponent.class.getName()
              + " CLASS ["
              + CLASS_PATH
              + " JARS], not "
              + List.of(arguments));
    }
    try {
      ClassLoader loader = ComponentClass.loader(ComponentClass.loader(getClass()), path);
      instance =
          ComponentInstance.start(communicator, name, ComponentClass.create(words.get(0), loader));
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
