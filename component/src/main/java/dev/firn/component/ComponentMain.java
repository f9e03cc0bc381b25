package dev.firn.component;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.InitializationData;
import dev.firn.wire.ParsedOptions;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a component as a program: {@code firn component run CLASS --name NAME}. A
 * developer's own {@code main} may be {@code ComponentMain.run(MyComponent::new, arguments)}.
 */
public final class ComponentMain {
  private static final String ABOUT =
      """
      Runs one instance of a component: active or standing by, as its cluster manager says.
        CLASS            its class, a dev.firn.component.ReplicatedComponent
        --Ice.Config=FILE --NAME.Endpoints=... --NAME.Backplane.Endpoints=...
      """;

  private ComponentMain() {}

  public static void main(String[] arguments) {
    program("firn component run")
        .argument("CLASS")
        .option("classpath", "--classpath JARS   where CLASS is, as in a class path")
        .main(arguments, new OfClass());
  }

  /**
   * Runs a component that the caller makes, with the same options. Ends the process.
   *
   * @param component called once, when the communicator is there
   */
  public static void run(Supplier<ReplicatedComponent> component, String[] arguments) {
    program("component")
        .main(arguments, (communicator, options) -> new Instance(communicator, options, component));
  }

  private static ServerProgram program(String command) {
    return new ServerProgram(command, ABOUT)
        .option("name", "--name NAME      of the instance, and prefix of its properties; required");
  }

  /** Loads the class, whose Slice types Ice has to find, too. */
  private static final class OfClass implements ServerProgram.Factory {
    private ClassLoader loader = ComponentClass.loader(ComponentMain.class);

    @Override
    public void prepare(InitializationData data, ParsedOptions options) {
      try {
        loader = ComponentClass.loader(loader, options.value("classpath"));
      } catch (SettingsException e) {
        throw new ServerProgram.StartException(String.valueOf(e.getMessage()), e);
      }
      data.classLoader = loader;
      Thread.currentThread().setContextClassLoader(loader);
    }

    @Override
    public ServerProgram.Server create(Communicator communicator, ParsedOptions options) {
      String name = options.arguments().get(0);
      return new Instance(communicator, options, () -> ComponentClass.create(name, loader));
    }
  }

  private static final class Instance implements ServerProgram.Server {
    private final Communicator communicator;
    private final String name;
    private final Supplier<ReplicatedComponent> component;
    private @Nullable ComponentInstance instance;

    Instance(
        Communicator communicator, ParsedOptions options, Supplier<ReplicatedComponent> component) {
      this.communicator = communicator;
      this.name = options.value("name");
      this.component = component;
    }

    @Override
    public String start() {
      if (name.isEmpty()) {
        throw new ServerProgram.StartException("--name is missing: the name of the instance");
      }
      // Servants of a component may wait; one thread would make all of them wait for one.
      ComponentInstance.setIfUnset(communicator.getProperties(), name + ".ThreadPool.Size", "2");
      ComponentInstance.setIfUnset(
          communicator.getProperties(), name + ".ThreadPool.SizeMax", "16");
      try {
        instance = ComponentInstance.start(communicator, name, component.get());
      } catch (SettingsException e) {
        throw new ServerProgram.StartException(String.valueOf(e.getMessage()), e);
      }
      return name;
    }

    @Override
    public CompletableFuture<Void> failure() {
      return instance == null
          ? new CompletableFuture<>()
          : instance.failure().toCompletableFuture();
    }

    @Override
    public void close() {
      if (instance != null) {
        instance.close();
      }
    }
  }
}
