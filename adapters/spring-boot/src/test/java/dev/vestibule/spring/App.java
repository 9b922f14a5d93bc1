package dev.vestibule.spring;

import jakarta.websocket.OnMessage;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.springframework.web.socket.server.standard.ServerEndpointExporter;

/** An application with a socket of each kind, which becomes ready when a test says so. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@EnableWebSocket
class App {

  /** Blocks the application's last step before it is ready, and then lets it end so or so. */
  static final class LastStep {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile boolean fails;

    void awaitReached() throws InterruptedException {
      reached.await();
    }

    void finish() {
      over.countDown();
    }

    void fail() {
      fails = true;
      over.countDown();
    }

    private void run() throws InterruptedException {
      reached.countDown();
      over.await();
      if (fails) {
        throw new IllegalStateException("the last step failed");
      }
    }
  }

  @Bean
  ApplicationRunner lastStepRunner(ObjectProvider<LastStep> step) {
    return args -> {
      LastStep last = step.getIfAvailable();
      if (last != null) {
        last.run();
      }
    };
  }

  @Bean
  WebSocketConfigurer sockets() {
    return registry -> registry.addHandler(new Echo(), "/chat", "/other").setAllowedOrigins("*");
  }

  @Bean
  Endpoint endpoint() {
    return new Endpoint();
  }

  @Bean
  ServerEndpointExporter endpointExporter() {
    return new ServerEndpointExporter();
  }

  /** Spring's kind. */
  static final class Echo extends TextWebSocketHandler {
    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message)
        throws IOException {
      session.sendMessage(message);
    }
  }

  /** Jakarta's kind. */
  @ServerEndpoint("/endpoint")
  public static class Endpoint {
    @OnMessage
    public String echo(String message) {
      return message;
    }
  }
}
