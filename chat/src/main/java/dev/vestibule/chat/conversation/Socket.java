package dev.vestibule.chat.conversation;

import dev.vestibule.chat.signin.Session;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One open page, with what it has yet to be sent. Safe for use by many threads.
 *
 * <p>Whoever says something leaves it in the queue and goes on; the end of one frame's sending
 * begins the next one's. The queue is bounded: a page that reads more slowly than it is written to
 * is closed with 1013, comes back, and loads what it missed.
 */
public final class Socket {

  // An answer is a few hundred frames; these are bounds for a reader that has stopped reading.
  private static final int MOST_FRAMES = 4_096;
  private static final int MOST_CHARACTERS = 1 << 20;

  private final Session session;
  private final Wire wire;
  // Guarded by this.
  private final Deque<String> queue = new ArrayDeque<>();
  private int characters;
  private boolean pumping;
  private boolean inFlight;
  private boolean closed;

  Socket(Session session, Wire wire) {
    this.session = session;
    this.wire = wire;
  }

  Session session() {
    return session;
  }

  /**
   * Queues a frame.
   *
   * @param frame text
   */
  public void send(String frame) {
    boolean tooSlow = false;
    synchronized (this) {
      if (closed) {
        return;
      }
      if (queue.size() >= MOST_FRAMES || characters + frame.length() > MOST_CHARACTERS) {
        tooSlow = true;
      } else {
        queue.addLast(frame);
        characters += frame.length();
      }
    }
    if (tooSlow) {
      close(1013, "reading too slowly; come back and load the conversation");
    } else {
      pump();
    }
  }

  void ping() {
    wire.ping();
  }

  /**
   * Closes the page's session; what is still queued is dropped.
   *
   * @param code the close code
   * @param reason at most 123 bytes
   */
  public void close(int code, String reason) {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      queue.clear();
      characters = 0;
    }
    wire.close(code, reason);
  }

  /**
   * Sends until a frame has to be waited for. A wire may say that a frame is out before {@code
   * send} has returned; the loop takes the place of the recursion that this would be.
   */
  private void pump() {
    while (true) {
      String frame;
      synchronized (this) {
        if (pumping || inFlight || closed) {
          return;
        }
        frame = queue.pollFirst();
        if (frame == null) {
          return;
        }
        characters -= frame.length();
        pumping = true;
        inFlight = true;
      }
      wire.send(frame, this::sent);
      synchronized (this) {
        pumping = false;
      }
    }
  }

  private void sent(@Nullable Throwable failure) {
    synchronized (this) {
      inFlight = false;
    }
    if (failure != null) {
      gone();
    } else {
      pump();
    }
  }

  /** The other side has gone: nothing more is sent. */
  void gone() {
    synchronized (this) {
      closed = true;
      queue.clear();
      characters = 0;
    }
  }
}
