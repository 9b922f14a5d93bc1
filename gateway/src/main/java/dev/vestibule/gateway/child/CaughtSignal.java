package dev.vestibule.gateway.child;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.IntConsumer;

/**
 * {@code sun.misc.Signal} of the module jdk.unsupported, the one way to catch a signal in Java. By
 * reflection, because the compiler's warning of it cannot be suppressed, and warnings are errors.
 */
final class CaughtSignal {

  private CaughtSignal() {}

  /**
   * Calls a handler with the signal's number, on a new thread each time.
   *
   * @throws IllegalArgumentException when the JVM keeps this signal for itself, or there is none
   */
  static void handle(String name, IntConsumer handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handlers = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              CaughtSignal.class.getClassLoader(),
              new Class<?>[] {handlers},
              (self, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      handler.accept((int) signal.getMethod("getNumber").invoke(arguments[0]));
                      yield null;
                    }
                    case "equals" -> isSame(self, arguments[0]);
                    case "hashCode" -> System.identityHashCode(self);
                    default -> "caught SIG" + name;
                  });
      Object caught = signal.getConstructor(String.class).newInstance(name);
      signal.getMethod("handle", signal, handlers).invoke(null, caught, proxy);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException kept) {
        throw kept;
      }
      throw new IllegalStateException("SIG" + name + ": cannot be caught", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("SIG" + name + ": cannot be caught", e);
    }
  }

  @SuppressWarnings("ReferenceEquality") // A proxy is equal to itself alone.
  private static boolean isSame(Object one, Object other) {
    return one == other;
  }
}
