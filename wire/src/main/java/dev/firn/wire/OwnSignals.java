package dev.firn.wire;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * What signals do to this process. A hook at the end of the Java machine would come too late to
 * decide the exit status, and an ignored signal would stay ignored in every server; so they are
 * handled, through the one interface that Java has for it.
 */
public final class OwnSignals {
  private OwnSignals() {}

  /**
   * Handles a signal from now on, if this Java machine lets it.
   *
   * @param name such as TERM
   */
  public static void handle(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              OwnSignals.class.getClassLoader(),
              new Class<?>[] {handler},
              (self, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(self);
                  case "equals" -> self == arguments[0];
                  default -> name;
                };
              });
      Method handle = signal.getMethod("handle", signal, handler);
      handle.invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Then the signal does what it does to every Java program.
    }
  }
}
