package dev.vestibule.gateway.child;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears how the child fares, on an event loop: must be quick and must not block. */
public interface ChildListener {

  /**
   * It was started.
   *
   * @param pid its process
   * @param at where it is told to listen
   */
  void started(long pid, InetSocketAddress at);

  /**
   * It is not ready, and listens, but not where it was told to. Not on an event loop.
   *
   * @param ports where it listens
   * @param told where it was told to
   */
  void listensElsewhere(String ports, int told);

  /**
   * It is ready, and can be reached around the gateway. Not on an event loop.
   *
   * @param where it listens, other than on loopback
   */
  void listensWider(String where);

  /**
   * It has ended.
   *
   * @param code its exit code; 128 and the signal's number where a signal ended it
   * @param ranFor since it was started
   * @param restartsIn when it is started again; null: it is not
   */
  void exited(int code, Duration ranFor, @Nullable Duration restartsIn);

  /**
   * It ended too often in a row, or could not be started at all, and is not started again.
   *
   * @param code the last exit code; 127: not found, 126: cannot be executed
   * @param why for a person, such as {@code it failed 6 times in a row}
   */
  void gaveUp(int code, String why);
}
