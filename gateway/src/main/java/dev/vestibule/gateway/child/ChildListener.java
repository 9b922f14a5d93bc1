package dev.vestibule.gateway.child;

import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Hears what becomes of the server that is the gateway's child. Must be quick. */
public interface ChildListener {

  /**
   * It was started; whether it is ready shows later.
   *
   * @param pid its process
   * @param at where it was told to listen
   */
  void started(long pid, InetSocketAddress at);

  /**
   * It ended.
   *
   * @param code its exit code; 128 and the signal's number, if a signal ended it
   * @param ranFor from its start to its end
   * @param restartsIn when it is started again; null: it is not
   */
  void exited(int code, Duration ranFor, @Nullable Duration restartsIn);

  /**
   * It ended too often, and is not started again.
   *
   * @param code its last exit code
   */
  void gaveUp(int code);
}
