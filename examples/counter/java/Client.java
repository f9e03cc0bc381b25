import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.ConnectFailedException;
import com.zeroc.Ice.ConnectionLostException;
import com.zeroc.Ice.LocalException;
import com.zeroc.Ice.ObjectNotExistException;
import com.zeroc.Ice.UnknownException;
import com.zeroc.Ice.Util;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorParams;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceLocatorPrx;
import dev.firn.wire.AsteriskSCF.Core.Discovery.V1.ServiceNotFound;
import dev.firn.wire.ComponentTypes;
import example.Firn.Example.CounterPrx;
import java.util.concurrent.TimeUnit;

/**
 * Counts as often as it is told: Client LOCATOR TIMES. Knows nothing but where the service locator
 * is.
 */
public final class Client {
  private static final long PAUSE_MILLIS = 50;

  private final ServiceLocatorPrx locator;

  private Client(ServiceLocatorPrx locator) {
    this.locator = locator;
  }

  public static void main(String[] arguments) throws InterruptedException {
    java.util.List<String> rest = new java.util.ArrayList<>();
    try (Communicator communicator = Util.initialize(arguments, rest)) {
      ComponentTypes.prepare(communicator);
      Client client =
          new Client(
              ServiceLocatorPrx.uncheckedCast(communicator.stringToProxy(rest.get(0))));
      for (int i = Integer.parseInt(rest.get(1)); i > 0; i--) {
        System.out.println(client.increment());
        System.out.flush();
      }
    }
  }

  /** Counts once, however often the active instance changes meanwhile. */
  private String increment() throws InterruptedException {
    while (true) {
      try {
        return Long.toString(counter().increment());
      } catch (ServiceNotFound | ObjectNotExistException | ConnectFailedException e) {
        // Nobody has counted: find the active instance, and ask that one.
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      } catch (ConnectionLostException | UnknownException e) {
        // It was counted or it was not. Counting again could be once too often.
        return "?";
      }
    }
  }

  private CounterPrx counter() throws ServiceNotFound, LocalException {
    return CounterPrx.uncheckedCast(
        locator.locate(new ServiceLocatorParams("Counter", "", "")).ice_invocationTimeout(5_000));
  }
}
