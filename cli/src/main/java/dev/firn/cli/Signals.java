package dev.firn.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Ctrl-C. Reached by reflection: the JDK's signal classes are supported, but naming them is a
 * compiler warning that cannot be suppressed.
 */
final class Signals {

  /** What the JDK calls on a thread of its own when the signal arrives. */
  private static final class Handler implements InvocationHandler {

    private final Runnable action;

    Handler(Runnable action) {
      this.action = action;
    }

    @Override
    @SuppressWarnings("NullAway") // A reflective call of a void method returns null.
    public Object invoke(Object proxy, Method method, Object[] arguments) {
      return switch (method.getName()) {
        case "hashCode" -> System.identityHashCode(this);
        case "equals" -> proxy == arguments[0];
        case "toString" -> "interrupt handler";
        default -> {
          action.run();
          yield null;
        }
      };
    }
  }

  private Signals() {}

  /** Has the action run whenever the process is interrupted, instead of what was to run before. */
  static void onInterrupt(Runnable action) {
    try {
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      install(
          handlerType,
          Proxy.newProxyInstance(
              handlerType.getClassLoader(), new Class<?>[] {handlerType}, new Handler(action)));
    } catch (ReflectiveOperationException exception) {
      throw new IllegalStateException("cannot handle interrupts", exception);
    }
  }

  /** Lets an interrupt end the process again. */
  static void reset() {
    try {
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      install(handlerType, handlerType.getField("SIG_DFL").get(null));
    } catch (ReflectiveOperationException exception) {
      throw new IllegalStateException("cannot reset interrupts", exception);
    }
  }

  private static void install(Class<?> handlerType, Object handler)
      throws ReflectiveOperationException {
    Class<?> signalType = Class.forName("sun.misc.Signal");
    Object signal = signalType.getConstructor(String.class).newInstance("INT");
    signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, handler);
  }
}
