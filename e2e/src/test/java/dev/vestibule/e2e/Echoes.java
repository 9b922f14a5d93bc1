package dev.vestibule.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client that knows what it was answered last, and how it was closed. */
final class Echoes implements WebSocket.Listener {

  private static final long PATIENCE_SECONDS = 60;

  private final CompletableFuture<String> answer = new CompletableFuture<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private @Nullable WebSocket socket;

  /** Connects, however long the gateway holds. */
  static Echoes connect(HttpClient http, int port) throws Exception {
    Echoes echoes = new Echoes();
    echoes.socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/chat"), echoes)
            .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return echoes;
  }

  String echo(String text) throws Exception {
    if (socket == null) {
      throw new IllegalStateException("not connected");
    }
    socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  int closeCode() throws Exception {
    return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    answer.complete(data.toString());
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int statusCode, String reason) {
    closed.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    answer.completeExceptionally(error);
    closed.completeExceptionally(error);
  }
}
