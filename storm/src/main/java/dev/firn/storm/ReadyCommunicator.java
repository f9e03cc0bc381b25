package dev.firn.storm;

import com.zeroc.Ice.Communicator;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/**
 * A communicator for ZeroC's IceBox, which waits for its shutdown as soon as all services have
 * started and tells it in no other way.
 */
final class ReadyCommunicator {
  private ReadyCommunicator() {}

  /**
   * @param ready run before each wait for the shutdown, on the waiting thread
   */
  static Communicator of(Communicator communicator, Runnable ready) {
    return (Communicator)
        Proxy.newProxyInstance(
            ReadyCommunicator.class.getClassLoader(),
            new Class<?>[] {Communicator.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("waitForShutdown")) {
                ready.run();
              }
              try {
                return method.invoke(communicator, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
