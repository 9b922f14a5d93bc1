package dev.vestibule.chat.web;

import dev.vestibule.Scheduler;
import dev.vestibule.chat.House;
import dev.vestibule.chat.conversation.Frames;
import dev.vestibule.micrometer.SessionMetrics;
import java.time.Duration;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.config.annotation.WebSocketHandlerRegistry;
import org.springframework.web.socket.server.jetty.JettyRequestUpgradeStrategy;
import org.springframework.web.socket.server.support.DefaultHandshakeHandler;

/** {@code /chat}. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class SocketRoute implements WebSocketConfigurer {

  // A page is silent while its reader reads. Pings keep hops in front from cutting the connection;
  // a peer that vanished is noticed when nothing gets through in either direction.
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration PING = Duration.ofSeconds(25);

  private final House house;
  private final SessionMetrics sessions;

  SocketRoute(House house, SessionMetrics sessions) {
    this.house = house;
    this.sessions = sessions;
    pingLater();
  }

  private void pingLater() {
    Scheduler.system()
        .schedule(
            () -> {
              Thread.startVirtualThread(house.sockets()::ping);
              pingLater();
            },
            PING);
  }

  @Override
  public void registerWebSocketHandlers(WebSocketHandlerRegistry registry) {
    JettyRequestUpgradeStrategy upgrade = new JettyRequestUpgradeStrategy();
    upgrade.addWebSocketConfigurer(configurable -> {
      configurable.setMaxTextMessageSize(Frames.MOST_BYTES);
      configurable.setMaxBinaryMessageSize(1024);
      configurable.setIdleTimeout(IDLE);
    });
    registry
        .addHandler(new ChatSocket(house, sessions::closed), "/chat")
        .setHandshakeHandler(new DefaultHandshakeHandler(upgrade))
        // BorderFilter has compared the Origin exactly; Spring would also allow one that equals
        // the Host header, which is the client's to write.
        .setAllowedOrigins("*");
  }
}
