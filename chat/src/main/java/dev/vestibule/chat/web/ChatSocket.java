package dev.vestibule.chat.web;

import static java.lang.System.Logger.Level.DEBUG;

import dev.vestibule.chat.House;
import dev.vestibule.chat.conversation.Frames;
import dev.vestibule.chat.conversation.Socket;
import dev.vestibule.chat.signin.Session;
import java.io.IOException;
import java.util.function.IntConsumer;
import org.springframework.security.core.Authentication;
import org.springframework.web.socket.BinaryMessage;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.adapter.NativeWebSocketSession;
import org.springframework.web.socket.handler.AbstractWebSocketHandler;

/** Brings a page's frames to the runs, and the runs' frames to the page. */
final class ChatSocket extends AbstractWebSocketHandler {

  private static final String SOCKET = ChatSocket.class.getName();
  private static final System.Logger LOG = System.getLogger(SOCKET);

  private final House house;
  private final IntConsumer closed;

  ChatSocket(House house, IntConsumer closed) {
    this.house = house;
    this.closed = closed;
  }

  @Override
  public void afterConnectionEstablished(WebSocketSession session) throws IOException {
    var wire =
        session instanceof NativeWebSocketSession known
            ? known.getNativeSession(org.eclipse.jetty.websocket.api.Session.class)
            : null;
    if (wire == null
        || !(session.getPrincipal() instanceof Authentication authentication)
        || !(authentication.getPrincipal() instanceof Session signedIn)) {
      session.close(CloseStatus.POLICY_VIOLATION);
      return;
    }
    session.getAttributes().put(SOCKET, house.sockets().opened(signedIn, new JettyWire(wire)));
  }

  @Override
  protected void handleTextMessage(WebSocketSession session, TextMessage message) {
    if (session.getAttributes().get(SOCKET) instanceof Socket socket) {
      try {
        house.runs().heard(socket, message.getPayload());
      } catch (RuntimeException e) {
        // Whatever it is, it must not become a 1011.
        LOG.log(System.Logger.Level.ERROR, "a frame could not be handled", e);
        socket.send(Frames.error(null, "Something failed here; send it again."));
      }
    }
  }

  @Override
  protected void handleBinaryMessage(WebSocketSession session, BinaryMessage message)
      throws IOException {
    session.close(CloseStatus.NOT_ACCEPTABLE.withReason("text frames only"));
  }

  @Override
  public void handleTransportError(WebSocketSession session, Throwable exception) {
    LOG.log(DEBUG, "a socket broke", exception);
  }

  @Override
  public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
    closed.accept(status.getCode());
    if (session.getAttributes().get(SOCKET) instanceof Socket socket) {
      house.sockets().closed(socket);
    }
  }
}
