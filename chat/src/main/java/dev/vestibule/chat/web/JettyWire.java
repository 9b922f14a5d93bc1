package dev.vestibule.chat.web;

import dev.vestibule.Scheduler;
import dev.vestibule.chat.conversation.Wire;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/** A socket of Jetty's, written to without blocking. */
final class JettyWire implements Wire {

  // A close frame waits behind what is stuck; then the connection is cut.
  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final Session session;

  JettyWire(Session session) {
    this.session = session;
  }

  @Override
  public void send(String text, Consumer<@Nullable Throwable> done) {
    session.sendText(text, Callback.from(() -> done.accept(null), failure -> done.accept(failure)));
  }

  @Override
  public void ping() {
    session.sendPing(ByteBuffer.allocate(0), Callback.NOOP);
  }

  @Override
  public void close(int code, String reason) {
    session.close(code, reason, Callback.NOOP);
    Scheduler.system()
        .schedule(
            () -> {
              if (session.isOpen()) {
                Thread.startVirtualThread(session::disconnect);
              }
            },
            GOODBYE);
  }
}
