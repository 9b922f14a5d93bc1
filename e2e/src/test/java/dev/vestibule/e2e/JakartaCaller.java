package dev.vestibule.e2e;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import jakarta.websocket.WebSocketContainer;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.tomcat.websocket.WsWebSocketContainer;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.client.ClientProperties;

/** The two that speak Jakarta's API: Tyrus, and Tomcat's. */
final class JakartaCaller implements Caller {

  private final WebSocketContainer container;

  private JakartaCaller(WebSocketContainer container) {
    this.container = container;
  }

  static JakartaCaller tomcat() {
    return new JakartaCaller(new WsWebSocketContainer());
  }

  static JakartaCaller tyrus() {
    return new JakartaCaller(ClientManager.createClient());
  }

  /** With the one setting of its own that concerns refusals. */
  static JakartaCaller tyrusThatHeedsRetryAfter() {
    ClientManager client = ClientManager.createClient();
    client.getProperties().put(ClientProperties.RETRY_AFTER_SERVICE_UNAVAILABLE, true);
    return new JakartaCaller(client);
  }

  @Override
  public Class<?> library() {
    return container.getClass();
  }

  @Override
  public void call(URI uri, Ears ears) {
    ClientEndpointConfig config =
        ClientEndpointConfig.Builder.create()
            .preferredSubprotocols(List.of(SUBPROTOCOL))
            .configurator(new WithoutOrigin())
            .build();
    try {
      container.connectToServer(new Listener(ears), config, uri);
    } catch (DeploymentException | IOException | RuntimeException e) {
      ears.end(Caller.words(e));
    }
  }

  /** Tyrus sends one of its own, the host alone, which no allowlist has. */
  private static final class WithoutOrigin extends ClientEndpointConfig.Configurator {
    @Override
    public void beforeRequest(Map<String, List<String>> headers) {
      headers.remove("Origin");
    }
  }

  private static final class Listener extends Endpoint {
    private final Ears ears;

    Listener(Ears ears) {
      this.ears = ears;
    }

    @Override
    public void onOpen(Session session, EndpointConfig config) {
      ears.saw("open");
      session.addMessageHandler(String.class, new Echo(ears));
      session
          .getAsyncRemote()
          .sendText(
              MESSAGE,
              result -> {
                if (!result.isOK()) {
                  ears.saw(Caller.words(result.getException()));
                }
              });
    }

    @Override
    public void onClose(Session session, CloseReason reason) {
      ears.end(Caller.close(reason.getCloseCode().getCode(), reason.getReasonPhrase()));
    }

    @Override
    public void onError(Session session, Throwable failure) {
      ears.saw(Caller.words(failure));
    }
  }

  private record Echo(Ears ears) implements MessageHandler.Whole<String> {
    @Override
    public void onMessage(String message) {
      ears.saw("echo");
    }
  }
}
