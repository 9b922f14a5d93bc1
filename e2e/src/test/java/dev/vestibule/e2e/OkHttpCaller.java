package dev.vestibule.e2e;

import java.io.IOException;
import java.net.URI;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** OkHttp. */
final class OkHttpCaller implements Caller {

  private final OkHttpClient http = new OkHttpClient();

  @Override
  public Class<?> library() {
    return OkHttpClient.class;
  }

  @Override
  public void call(URI uri, Ears ears) {
    Request request =
        new Request.Builder()
            .url(uri.toString())
            .header("Sec-WebSocket-Protocol", SUBPROTOCOL)
            .build();
    var _ = http.newWebSocket(request, new Listener(ears));
  }

  private static final class Listener extends WebSocketListener {
    private final Ears ears;

    Listener(Ears ears) {
      this.ears = ears;
    }

    @Override
    public void onOpen(WebSocket socket, Response response) {
      ears.saw("open");
      socket.send(MESSAGE);
    }

    @Override
    public void onMessage(WebSocket socket, String text) {
      ears.saw("echo");
    }

    @Override
    public void onClosing(WebSocket socket, int code, String reason) {
      socket.close(code, null);
    }

    @Override
    public void onClosed(WebSocket socket, int code, String reason) {
      ears.end(Caller.close(code, reason));
    }

    @Override
    public void onFailure(WebSocket socket, Throwable failure, @Nullable Response response) {
      ears.end(Caller.words(failure) + (response == null ? "" : words(response)));
    }

    private static String words(Response response) {
      String body;
      try {
        body = response.body().string();
      } catch (IOException | RuntimeException e) {
        body = "";
      }
      return Caller.response(response.code(), response.header("Retry-After"), body);
    }
  }
}
