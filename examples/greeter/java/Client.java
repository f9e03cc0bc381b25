import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ObjectPrx;
import com.zeroc.Ice.Util;
import example.Greetings.GreeterPrx;

/** Calls the greeter as often as it is told. Knows nothing but where the registry is. */
public final class Client {
  private Client() {}

  public static void main(String[] arguments) {
    java.util.List<String> rest = new java.util.ArrayList<>();
    try (Communicator communicator = Util.initialize(arguments, rest)) {
      // A connection for each call, and no memory of where the last went: this shows all servers.
      ObjectPrx greeter =
          communicator
              .stringToProxy("greeter")
              .ice_connectionCached(false)
              .ice_locatorCacheTimeout(0);
      for (int i = Integer.parseInt(rest.get(0)); i > 0; i--) {
        System.out.println(GreeterPrx.uncheckedCast(greeter).greet("Java"));
      }
    }
  }
}
