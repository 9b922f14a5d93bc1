package dev.vestibule.e2e;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Many clients in one process: connects PORT COUNT times, sends a message on each, and tells how
 * many came back.
 */
final class WaitingClients {

  private WaitingClients() {}

  public static void main(String[] args) throws Exception {
    URI uri = URI.create("ws://127.0.0.1:" + args[0] + "/echo");
    int count = Integer.parseInt(args[1]);
    HttpClient http = HttpClient.newHttpClient();
    List<CompletableFuture<WebSocket>> opened = new ArrayList<>(count);
    List<EchoListener> listeners = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      EchoListener listener = new EchoListener();
      listeners.add(listener);
      opened.add(http.newWebSocketBuilder().buildAsync(uri, listener));
    }
    System.out.println("asked=" + count);
    int echoed = 0;
    for (int i = 0; i < count; i++) {
      String message = "hello " + i;
      opened.get(i).join().sendText(message, true).join();
      if (listeners.get(i).heard.join().equals(message)) {
        echoed++;
      }
    }
    System.out.println("echoed=" + echoed);
    // Stays, with its connections, until it is told that all have been counted.
    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    System.exit(0);
  }

  /** Completes with the first message. */
  private static final class EchoListener implements WebSocket.Listener {
    private final CompletableFuture<String> heard = new CompletableFuture<>();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      heard.complete(data.toString());
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      heard.completeExceptionally(error);
    }
  }
}
