package dev.vestibule.chat.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a page does, with its cookies kept by hand. */
final class Browser implements AutoCloseable {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  @Nullable String session;
  @Nullable String csrf;
  String origin;

  Browser(int port) {
    this.port = port;
    this.origin = "http://127.0.0.1:" + port;
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .header("Origin", origin)
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (csrf != null) {
      request.header("X-XSRF-TOKEN", csrf);
    }
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    List<String> cookies = new ArrayList<>();
    if (csrf != null) {
      cookies.add("XSRF-TOKEN=" + csrf);
    }
    if (session != null) {
      cookies.add("vestibule_session=" + session);
    }
    if (!cookies.isEmpty()) {
      request.header("Cookie", String.join("; ", cookies));
    }
    return request;
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    for (String cookie : response.headers().allValues("Set-Cookie")) {
      String value = cookie.substring(cookie.indexOf('=') + 1, cookie.indexOf(';'));
      if (cookie.startsWith("XSRF-TOKEN=")) {
        csrf = value;
      } else if (cookie.startsWith("vestibule_session=")) {
        session = value;
      }
    }
    return response;
  }

  /** Knocks at /chat; completes when the handshake has an answer. */
  CompletableFuture<Page> knock() {
    return knock("/chat");
  }

  /** Knocks at a path as it is written. */
  CompletableFuture<Page> knock(String path) {
    Page page = new Page();
    WebSocket.Builder builder = http.newWebSocketBuilder().header("Origin", origin);
    if (session != null) {
      builder.header("Cookie", "vestibule_session=" + session);
    }
    return builder
        .buildAsync(URI.create("ws://127.0.0.1:" + port + path), page)
        .thenApply(socket -> {
          page.socket = socket;
          return page;
        });
  }

  /** The status that a handshake was refused with. */
  static int refusal(CompletableFuture<Page> knock) throws Exception {
    try {
      knock.get(20, TimeUnit.SECONDS);
      return 101;
    } catch (java.util.concurrent.ExecutionException e) {
      Throwable cause =
          e.getCause() instanceof CompletionException nested ? nested.getCause() : e.getCause();
      return cause instanceof WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : -1;
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }

  /** An open socket and what came out of it. */
  static final class Page implements WebSocket.Listener {
    final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder partial = new StringBuilder();
    @Nullable WebSocket socket;

    void say(String text) {
      Objects.requireNonNull(socket).sendText(text, true).join();
    }

    JsonNode next() throws InterruptedException {
      JsonNode frame = frames.poll(20, TimeUnit.SECONDS);
      return Objects.requireNonNull(frame, "no frame came");
    }

    /** Frames up to the first of a type or event. */
    JsonNode until(String name) throws InterruptedException {
      while (true) {
        JsonNode frame = next();
        if (frame.get("type").stringValue().equals(name)
            || (frame.has("event") && frame.get("event").stringValue().equals(name))) {
          return frame;
        }
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        frames.add(MAPPER.readTree(partial.toString()));
        partial.setLength(0);
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.completeExceptionally(error);
    }
  }
}
