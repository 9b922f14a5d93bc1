package dev.vestibule.gateway.tryout;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client as most are: it connects, and when that fails it comes back after a second, then two,
 * then four. It notes what it saw. Safe for use by many threads.
 */
final class Visitor {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);

  private final HttpClient http;
  private final URI server;
  private final int number;
  // Guarded by this.
  private final List<String> saw = new ArrayList<>();
  private CompletableFuture<Visit> visit = new CompletableFuture<>();
  private CompletableFuture<String> end = new CompletableFuture<>();

  /**
   * How it came in.
   *
   * @param came when it knocked first, in microseconds since 1970
   * @param in when it heard the server's first word
   * @param ready since when the server listened
   * @param pid the server's process
   * @param saw what it saw before, in order
   */
  record Visit(long came, long in, long ready, long pid, List<String> saw) {

    /** From ready, or from its knock if that was later, to in. */
    long lateMicros() {
      return in - Math.max(ready, came);
    }
  }

  Visitor(HttpClient http, URI server, int number) {
    this.http = http;
    this.server = server;
    this.number = number;
  }

  int number() {
    return number;
  }

  /** Comes after a while; completes when it is in. */
  synchronized CompletableFuture<Visit> comeAfter(Duration delay) {
    visit = new CompletableFuture<>();
    end = new CompletableFuture<>();
    saw.clear();
    CompletableFuture<Visit> coming = visit;
    after(delay).execute(() -> knock(SlowServer.now(), SlowServer.now(), FIRST_WAIT));
    return coming;
  }

  /** How its session ends: what it sees. */
  synchronized CompletableFuture<String> end() {
    return end;
  }

  private void knock(long came, long began, Duration nextWait) {
    Session session = new Session(came);
    http.newWebSocketBuilder()
        .buildAsync(server, session)
        .whenComplete((open, failure) -> {
          if (failure != null) {
            notIn(failure, came, began, nextWait);
          }
        });
  }

  private void notIn(Throwable failure, long came, long began, Duration nextWait) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    long waited = (SlowServer.now() - began) / 1000;
    synchronized (this) {
      saw.add(describe(cause) + (waited < 100 ? "" : " after %.1f s".formatted(waited / 1000.0)));
    }
    after(nextWait).execute(() -> knock(came, SlowServer.now(), nextWait.multipliedBy(2)));
  }

  private static String describe(Throwable cause) {
    if (cause instanceof WebSocketHandshakeException handshake) {
      return "status " + handshake.getResponse().statusCode();
    }
    return cause instanceof ConnectException ? "refused" : "broken";
  }

  private static Executor after(Duration delay) {
    return CompletableFuture.delayedExecutor(delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void in(long came, String greeting) {
    String[] words = greeting.split(" ", -1);
    visit.complete(
        new Visit(
            came,
            SlowServer.now(),
            Long.parseLong(words[0]),
            Long.parseLong(words[1]),
            List.copyOf(saw)));
  }

  private synchronized void ended(String how) {
    end.complete(how);
  }

  private final class Session implements WebSocket.Listener {

    private final long came;

    Session(long came) {
      this.came = came;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence text, boolean last) {
      in(came, text.toString());
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ended("close " + code + (reason.isEmpty() ? "" : " \"" + reason + "\""));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ended("cut off, no close (1006)");
    }
  }
}
