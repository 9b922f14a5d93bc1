package dev.vestibule.bench.gateway;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Collection;

/**
 * The CPU time that processes have used, user and system together: what utime and stime of {@code
 * /proc/PID/stat} say, but in nanoseconds where those have ticks of 10 ms.
 */
final class CpuClock {

  /** A process's clock, as the kernel makes its number: include/linux/posix-timers_types.h. */
  private static final int CPUCLOCK_SCHED = 2;

  @SuppressWarnings("restricted") // The launcher allows it.
  private static final MethodHandle CLOCK_GETTIME =
      Linker.nativeLinker()
          .downcallHandle(
              Linker.nativeLinker().defaultLookup().findOrThrow("clock_gettime"),
              FunctionDescriptor.of(
                  ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));

  private CpuClock() {}

  /** Nanoseconds of all of them together. */
  static long nanos(Collection<Long> pids) {
    return pids.stream().mapToLong(CpuClock::nanos).sum();
  }

  private static long nanos(long pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment time = arena.allocate(ValueLayout.JAVA_LONG, 2);
      int clock = (~(int) pid << 3) | CPUCLOCK_SCHED;
      if ((int) CLOCK_GETTIME.invokeExact(clock, time) != 0) {
        throw new IllegalStateException("process " + pid + " (expected: one that runs)");
      }
      return time.getAtIndex(ValueLayout.JAVA_LONG, 0) * 1_000_000_000
          + time.getAtIndex(ValueLayout.JAVA_LONG, 1);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
