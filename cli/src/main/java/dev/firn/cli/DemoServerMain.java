package dev.firn.cli;

import com.zeroc.Ice.Communicator;
import com.zeroc.Ice.Current;
import com.zeroc.Ice.Identity;
import com.zeroc.Ice.InitializationData;
import com.zeroc.Ice.ObjectAdapter;
import com.zeroc.Ice.Util;
import com.zeroc.IceGrid.AdminSessionPrx;
import com.zeroc.IceGrid.LocatorPrx;
import com.zeroc.IceGrid.ObjectExistsException;
import com.zeroc.IceGrid.RegistryPrx;
import dev.firn.wire.Firn.Demo.Echo;

/**
 * The server of {@code firn demo}. Started by hand, it registers its adapter and its object;
 * started by a node, it is configured, and known already.
 */
public final class DemoServerMain {
  static final String ADAPTER = "Echo";
  static final String OBJECT = "echo";
  static final String TYPE = "::Firn::Demo::Echo";

  private DemoServerMain() {}

  public static void main(String[] arguments) throws Exception {
    InitializationData data = new InitializationData();
    data.properties = Util.createProperties(arguments);
    boolean deployed = !data.properties.getProperty("Ice.Admin.ServerId").isEmpty();
    if (!deployed) {
      data.properties.setProperty(ADAPTER + ".Endpoints", "tcp -h 127.0.0.1");
      data.properties.setProperty(ADAPTER + ".AdapterId", ADAPTER);
    }
    try (Communicator communicator = Util.initialize(data)) {
      Runtime.getRuntime().addShutdownHook(new Thread(communicator::shutdown, "firn-end"));
      ObjectAdapter adapter = communicator.createObjectAdapter(ADAPTER);
      Identity id = new Identity(OBJECT, "");
      adapter.addDefaultServant(
          new Echo() {
            @Override
            public int next(int value, Current current) {
              return value + 1;
            }
          },
          "");
      adapter.activate();
      if (!deployed) {
        register(communicator, adapter, id);
      }
      System.out.println("serving");
      System.out.flush();
      communicator.waitForShutdown();
    }
  }

  private static void register(Communicator communicator, ObjectAdapter adapter, Identity id)
      throws Exception {
    LocatorPrx locator = LocatorPrx.uncheckedCast(communicator.getDefaultLocator());
    RegistryPrx master =
        RegistryPrx.uncheckedCast(
            locator.findObjectById(new Identity("Registry", locator.ice_getIdentity().category)));
    AdminSessionPrx session = master.createAdminSession("demo", "demo");
    try {
      session.getAdmin().addObjectWithType(adapter.createIndirectProxy(id), TYPE);
    } catch (ObjectExistsException e) {
      // Registered by an earlier run, through the same adapter id: still right.
    } finally {
      session.destroy();
    }
  }
}
