package dev.firn.cli;

import static java.util.Objects.requireNonNull;

import com.zeroc.Ice.ACMHeartbeat;
import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.LocatorPrx;
import com.zeroc.IceGrid.RegistryPrx;
import com.zeroc.IceGrid.SessionPrx;
import dev.firn.wire.Firn.Demo.EchoPrx;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A client of {@code firn demo} with a session: waits for an object of its own, calls it, and has
 * it until its standard input ends, or it is killed.
 */
public final class DemoSessionMain {
  /** What it prints, each on a line. */
  static final String WAITING = "waiting";

  static final String ANSWERED = "answered";

  private static final int PATIENCE_MILLIS = 60_000;

  private DemoSessionMain() {}

  public static void main(String[] arguments) throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties(arguments);
    data.properties.parseCommandLineOptions("Firn", arguments);
    try (Communicator communicator = Util.initialize(data)) {
      LocatorPrx locator = LocatorPrx.uncheckedCast(communicator.getDefaultLocator());
      RegistryPrx master =
          RegistryPrx.uncheckedCast(
              requireNonNull(
                  locator.findObjectById(
                      new Identity("Registry", locator.ice_getIdentity().category)),
                  "the registry knows itself"));
      SessionPrx session =
          requireNonNull(
              master.createSession(data.properties.getProperty("Firn.Demo.User"), "demo"));
      // The session ends with this connection, whoever closes it.
      session
          .ice_getConnection()
          .setACM(
              OptionalInt.of(Math.max(master.getACMTimeout(), 1)),
              Optional.empty(),
              Optional.of(ACMHeartbeat.HeartbeatAlways));
      session.setAllocationTimeout(PATIENCE_MILLIS);
      say(WAITING);
      EchoPrx printer =
          EchoPrx.uncheckedCast(session.allocateObjectById(new Identity("printer", "")));
      if (printer.next(1) == 2) {
        say(ANSWERED);
      }
      while (System.in.read() >= 0) {
        // Nobody has anything to say; the end is what counts.
      }
      session.destroy();
    }
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
