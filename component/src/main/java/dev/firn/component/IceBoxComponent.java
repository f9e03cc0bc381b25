package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.LocalException;
import com.zeroc.IceBox.FailureException;
import com.zeroc.IceBox.Service;
import dev.firn.wire.Exceptions;
import dev.firn.wire.SignalHook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A component as a service of an IceBox for Java: {@code
 * IceBox.Service.NAME=dev.firn.component.IceBoxComponent CLASS [--classpath JARS]}. The service's
 * name is that of the instance; the class is a {@link ReplicatedComponent} with a constructor
 * without arguments, in the jars or on the IceBox's own class path.
 *
 * <p>If a bug ends the role of the instance, the IceBox ends in order, with status 1, as a program
 * of its own does: supervisors and cluster managers look after processes, not after services.
 */
public final class IceBoxComponent implements Service {
  private static final String CLASS_PATH = "--classpath";
  private static final int FAILED = 1;

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
      ComponentInstance started =
          ComponentInstance.start(communicator, name, ComponentClass.create(words.get(0), loader));
      instance = started;
      started.failure().thenRun(() -> endProcess(name, communicator));
    } catch (SettingsException e) {
      throw new FailureException("cannot start component " + name + ": " + e.getMessage(), e);
    } catch (LocalException e) {
      throw new FailureException("cannot start component " + name + ":\n" + Exceptions.text(e), e);
    }
  }

  private static void endProcess(String name, Communicator communicator) {
    try {
      communicator.getLogger().error("the IceBox ends, as its service " + name + " has failed");
    } finally {
      SignalHook.fail(FAILED);
    }
  }

  @Override
  public void stop() {
    if (instance != null) {
      instance.close();
    }
  }
}
