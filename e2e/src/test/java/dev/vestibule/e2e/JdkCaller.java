package dev.vestibule.e2e;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Java's own client. */
final class JdkCaller implements Caller {

  private final HttpClient http = HttpClient.newHttpClient();

  @Override
  public Class<?> library() {
    return HttpClient.class;
  }

  @Override
  public void call(URI uri, Ears ears) {
    var _ =
        http.newWebSocketBuilder()
            .subprotocols(SUBPROTOCOL)
            .buildAsync(uri, new Listener(ears))
            .whenComplete((socket, failure) -> {
              if (failure != null) {
                Throwable cause =
                    failure instanceof CompletionException ? failure.getCause() : failure;
                ears.end(
                    cause instanceof WebSocketHandshakeException refused
                        ? Caller.words(refused) + response(refused)
                        : Caller.words(cause));
              }
            });
  }

  private static String response(WebSocketHandshakeException refused) {
    var response = refused.getResponse();
    String after = response.headers().firstValue("Retry-After").orElse(null);
    return Caller.response(response.statusCode(), after, String.valueOf(response.body()));
  }

  private record Listener(Ears ears) implements WebSocket.Listener {
    @Override
    public void onOpen(WebSocket socket) {
      ears.saw("open");
      var _ = socket.sendText(MESSAGE, true);
      socket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      ears.saw("echo");
      socket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
      ears.end(Caller.close(code, reason));
      return null;
    }

    @Override
    public void onError(WebSocket socket, Throwable error) {
      ears.end(Caller.words(error));
    }
  }
}
