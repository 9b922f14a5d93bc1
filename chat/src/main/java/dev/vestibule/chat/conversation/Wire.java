package dev.vestibule.chat.conversation;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One WebSocket, as much of it as is needed here. */
public interface Wire {

  /**
   * Sends a text frame. Not called again before the frame is out.
   *
   * @param text one frame
   * @param done told once, when it is out, with null or why it is not
   */
  void send(String text, Consumer<@Nullable Throwable> done);

  /** Sends a ping, if that is possible now; the answer is not waited for. */
  void ping();

  /**
   * Says goodbye, and hangs up soon after whether or not the other side listens. Calling it twice
   * does nothing.
   *
   * @param code the close code
   * @param reason at most 123 bytes
   */
  void close(int code, String reason);
}
