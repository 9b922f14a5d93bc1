package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Somebody who signs in and chats, with Java's own HTTP and WebSocket client. */
final class ChatUser {

  static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;
  private final String cookie;

  private ChatUser(int port, String cookie) {
    this.port = port;
    this.cookie = cookie;
  }

  /** Somebody who signed in earlier. */
  static ChatUser withCookie(int port, String cookie) {
    return new ChatUser(port, cookie);
  }

  /** Signs in with {@link Chat#PASSWORD}. */
  static ChatUser signIn(int port, String name) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI server = URI.create("http://127.0.0.1:" + port);
      HttpResponse<String> first =
          http.send(HttpRequest.newBuilder(server.resolve("/")).build(), BodyHandlers.ofString());
      String csrf = cookie(first, "XSRF-TOKEN");
      String body = JSON.writeValueAsString(Map.of("name", name, "password", Chat.PASSWORD));
      HttpResponse<String> signedIn =
          http.send(
              HttpRequest.newBuilder(server.resolve("/api/sign-in/password"))
                  .header("Content-Type", "application/json")
                  .header("Cookie", "XSRF-TOKEN=" + csrf)
                  .header("X-XSRF-TOKEN", csrf)
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString());
      if (signedIn.statusCode() != 204) {
        throw new AssertionError(signedIn.statusCode() + " " + signedIn.body());
      }
      return new ChatUser(port, cookie(signedIn, "vestibule_session"));
    }
  }

  /** Lets ada sign in at a server that ends before this returns; the cookie outlives it. */
  static String cookieFromAnEarlierRun(Path data, int port)
      throws IOException, InterruptedException {
    try (RunningProcess server = Chat.start("--port", "" + port, "--data", "" + data)) {
      Chat.awaitPort(port, server);
      String cookie = signIn(port, "ada").cookie();
      server.terminate();
      assertThat(server.exitCode()).isIn(0, 143);
      return cookie;
    }
  }

  private static String cookie(HttpResponse<?> response, String name) {
    return response.headers().allValues("set-cookie").stream()
        .filter(header -> header.startsWith(name + "="))
        .map(header -> header.substring(name.length() + 1, header.indexOf(';')))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no cookie " + name + " in " + response.headers()));
  }

  /** The value of the session cookie. */
  String cookie() {
    return cookie;
  }

  JsonNode get(String path) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Cookie", "vestibule_session=" + cookie)
                .build(),
            BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new AssertionError(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  /** Asks for the handshake and returns at once. */
  Talk connect() {
    Talk talk = new Talk();
    talk.opened =
        http.newWebSocketBuilder()
            .header("Cookie", "vestibule_session=" + cookie)
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), talk);
    return talk;
  }

  /** One WebSocket. */
  static final class Talk implements WebSocket.Listener {
    private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
    private final StringBuilder partial = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private CompletableFuture<WebSocket> opened = new CompletableFuture<>();

    CompletableFuture<WebSocket> opened() {
      return opened;
    }

    /** The close code; fails when the connection ended without one. */
    CompletableFuture<Integer> closed() {
      return closed;
    }

    /**
     * Sends a message and returns what its run says, up to the end of the answer. Other runs of the
     * same user are heard on every socket, and passed over here.
     */
    List<JsonNode> ask(String id, String text) throws Exception {
      String frame = JSON.writeValueAsString(Map.of("type", "send", "id", id, "text", text));
      WebSocket socket = opened.get(60, TimeUnit.SECONDS);
      socket.sendText(frame, true).get(60, TimeUnit.SECONDS);
      String run = "";
      List<JsonNode> seen = new ArrayList<>();
      while (true) {
        JsonNode next = frames.poll(60, TimeUnit.SECONDS);
        if (next == null) {
          throw new AssertionError("no end after " + seen);
        }
        if (next.path("id").asString("").equals(id)) {
          run = next.path("run").asString();
        } else if (!run.isEmpty() && next.path("run").asString("").equals(run)) {
          seen.add(next);
          if (next.path("event").asString("").equals("agent_completed")) {
            return seen;
          }
        }
      }
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      partial.append(data);
      if (last) {
        frames.add(JSON.readTree(partial.toString()));
        partial.setLength(0);
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
      closed.complete(code);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      closed.completeExceptionally(error);
    }
  }

  /** The names of the five events among frames, in order. */
  static List<String> events(List<JsonNode> frames) {
    return frames.stream()
        .filter(frame -> frame.path("type").asString("").equals("event"))
        .map(frame -> frame.path("event").asString(""))
        .toList();
  }
}
