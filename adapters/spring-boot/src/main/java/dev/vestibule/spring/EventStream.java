package dev.vestibule.spring;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One response of server-sent events (HTML standard, section 9.2). It holds no thread, and of what
 * it has to say only what is being written and the newest that follows: who reads slowly misses
 * what lies between. Safe for use by many threads.
 */
final class EventStream {

  // After so many beats without news something is written all the same, to find out who is gone.
  private static final int QUIET_BEATS = 10;

  private static final String HEARTBEAT = ":\n\n";

  /**
   * What is told at one moment.
   *
   * @param version of what it tells; a greater one is newer
   * @param data the event
   * @param over whether it is the last
   */
  record Frame(long version, String data, boolean over) {}

  /** What a stream tells. Safe for use by many threads. */
  interface Feed {

    /** Changes when there is something new that should not wait for the next beat. */
    long version();

    Frame frame();
  }

  private record Piece(String text, boolean last) {}

  private final Feed feed;
  private final Object client;
  private final Response response;
  private final Callback callback;
  private final Consumer<EventStream> ended;
  // Guarded by this.
  private @Nullable Frame told;
  private int quietBeats;
  private boolean writing;
  private boolean over;
  private @Nullable Piece next;

  EventStream(
      Feed feed, Object client, Response response, Callback callback, Consumer<EventStream> ended) {
    this.feed = feed;
    this.client = client;
    this.response = response;
    this.callback = callback;
    this.ended = ended;
  }

  Feed feed() {
    return feed;
  }

  /** By whom it counts. */
  Object client() {
    return client;
  }

  /** Before anything is told. */
  void begin() {
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/event-stream;charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put("X-Content-Type-Options", "nosniff");
    // Asks nginx to pass on what it gets.
    response.getHeaders().put("X-Accel-Buffering", "no");
  }

  /** Whether there is news for it. */
  synchronized boolean isBehind() {
    return told == null || told.version() != feed.version();
  }

  void tell(Frame frame) {
    Piece first;
    synchronized (this) {
      Frame before = told;
      boolean same = before != null && !frame.over() && before.data().equals(frame.data());
      if (over) {
        return;
      }
      told = frame;
      // What waits to be written is news, and must not make room for a heartbeat.
      if (same && (next != null || ++quietBeats < QUIET_BEATS)) {
        return;
      }
      quietBeats = 0;
      over = frame.over();
      first = offer(same ? HEARTBEAT : text(frame, before == null), over);
    }
    write(first);
  }

  /** Ends it after what is being written. */
  void end() {
    Piece last;
    synchronized (this) {
      if (over) {
        return;
      }
      over = true;
      last = offer("", true);
    }
    write(last);
  }

  /** Takes the place of what waits to be written; returns what is to be written now. */
  private @Nullable Piece offer(String text, boolean last) {
    Piece offered = new Piece(text, last);
    if (writing) {
      next = offered;
      return null;
    }
    writing = true;
    return offered;
  }

  private void write(@Nullable Piece now) {
    if (now != null) {
      Callback after = Callback.from(() -> written(now), this::failed);
      response.write(now.last(), ByteBuffer.wrap(now.text().getBytes(UTF_8)), after);
    }
  }

  private void written(Piece done) {
    Piece following;
    synchronized (this) {
      following = next;
      next = null;
      writing = following != null;
    }
    if (done.last()) {
      ended.accept(this);
      callback.succeeded();
    } else {
      write(following);
    }
  }

  /** The client is gone, or did not read for as long as the server's idle timeout. */
  private void failed(Throwable failure) {
    synchronized (this) {
      over = true;
      next = null;
    }
    ended.accept(this);
    callback.failed(failure);
  }

  private static String text(Frame frame, boolean first) {
    StringBuilder out = new StringBuilder(frame.data().length() + 128);
    if (first) {
      // After how many milliseconds a browser comes back when the connection is lost.
      out.append("retry: 2000\n");
    }
    out.append("event: startup\nid: ").append(frame.version()).append('\n');
    frame.data().lines().forEach(line -> out.append("data: ").append(line).append('\n'));
    out.append('\n');
    if (frame.over()) {
      out.append("event: over\ndata: nothing more will change by itself\n\n");
    }
    return out.toString();
  }
}
