package dev.vestibule.gateway.child;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * The kill(2) of the machine's C library, since {@link Process} can send SIGTERM and SIGKILL alone.
 * Finding it takes some 70 ms the first time, so it is not looked for before it is needed.
 */
final class Kill {

  private static final MethodHandle KILL = find();

  private Kill() {}

  // Restricted: the gateway is run with --enable-native-access, which its transport needs as well.
  @SuppressWarnings("restricted")
  private static MethodHandle find() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("kill"),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  }

  /** Whether the signal was sent; not if there is no such process any more. */
  static boolean send(long pid, int signal) {
    try {
      return (int) KILL.invokeExact((int) pid, signal) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("kill: cannot be called", e);
    }
  }
}
