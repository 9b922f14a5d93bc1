package dev.vestibule.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What connects in the tests. */
final class Client implements WebSocket.Listener {

  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final CompletableFuture<WebSocket> opened;
  final CompletableFuture<String> said = new CompletableFuture<>();
  final CompletableFuture<Integer> closed = new CompletableFuture<>();
  final CompletableFuture<String> reason = new CompletableFuture<>();

  private Client(URI uri) {
    this.opened = HTTP.newWebSocketBuilder().buildAsync(uri, this);
  }

  static Client at(int port, String path) {
    return new Client(URI.create("ws://127.0.0.1:" + port + path));
  }

  String echo(String text) throws Exception {
    opened.thenCompose(socket -> socket.sendText(text, true)).get(20, TimeUnit.SECONDS);
    return said.get(20, TimeUnit.SECONDS);
  }

  int closeCode() throws Exception {
    return closed.get(20, TimeUnit.SECONDS);
  }

  String closeReason() throws Exception {
    return reason.get(20, TimeUnit.SECONDS);
  }

  /** The status with which the handshake was refused. */
  int refusal() throws Exception {
    return opened
        .handle((socket, failure) -> {
          for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof java.net.http.WebSocketHandshakeException e) {
              return e.getResponse().statusCode();
            }
          }
          throw new AssertionError("expected a refusal, got " + socket, failure);
        })
        .get(20, TimeUnit.SECONDS);
  }

  static HttpResponse<String> get(int port, String path) throws Exception {
    return send("GET", port, path, "*/*");
  }

  static HttpResponse<String> send(String method, int port, String path, String accept)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("Accept", accept)
            .build();
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  /** Waits until something is so; fails when it does not become so. */
  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("never came: " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    said.complete(data.toString());
    socket.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String why) {
    reason.complete(why);
    closed.complete(code);
    return null;
  }

  @Override
  public void onError(WebSocket socket, Throwable error) {
    closed.completeExceptionally(error);
    said.completeExceptionally(error);
  }
}
