import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.NativePropertiesAdmin;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Properties;
import com.zeroc.Ice.Util;
import example.Greetings.Greeter;

/** A server that a node starts. All it has to know, the node puts into its configuration. */
public final class Server {
  private Server() {}

  /** Greets in the words of a property, which may change while the server runs. */
  private static final class GreeterI implements Greeter {
    private final String server;
    private volatile String greeting;

    GreeterI(Properties properties) {
      server = properties.getProperty("Ice.ProgramName");
      greeting = properties.getProperty("Greetings.Words");
    }

    void changed(java.util.Map<String, String> properties) {
      greeting = properties.getOrDefault("Greetings.Words", greeting);
    }

    @Override
    public String greet(String name, Current current) {
      return greeting + ", " + name + "! (" + server + ")";
    }
  }

  public static void main(String[] arguments) {
    try (Communicator communicator = Util.initialize(arguments)) {
      // Told by the node to stop, or by Ctrl-C if started by hand.
      Runtime.getRuntime().addShutdownHook(new Thread(communicator::destroy));
      GreeterI greeter = new GreeterI(communicator.getProperties());
      NativePropertiesAdmin admin =
          (NativePropertiesAdmin) communicator.findAdminFacet("Properties");
      if (admin != null) {
        admin.addUpdateCallback(greeter::changed);
      }
      ObjectAdapter adapter = communicator.createObjectAdapter("Greeter");
      adapter.add(greeter, new Identity("greeter", ""));
      adapter.activate();
      communicator.waitForShutdown();
    }
  }
}
