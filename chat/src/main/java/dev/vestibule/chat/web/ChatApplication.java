package dev.vestibule.chat.web;

import dev.vestibule.chat.House;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.jetty.Screening;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The web in front of the house. Beans are named here one by one; nothing is scanned for. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
@Import({
  SecurityRules.class,
  SocketRoute.class,
  FiguresRoute.class,
  SignInController.class,
  ConversationController.class,
  Problems.class,
  ErrorPage.class
})
public class ChatApplication {

  @Bean
  Screening screening(House house, dev.vestibule.chat.ChatServer.Origins origins) {
    return new ChatScreening(origins.allowed(), house.tokens());
  }

  /** Phase {@code dependencies}: told when the last bean is wired. */
  @Bean
  SmartInitializingSingleton wired(House house) {
    return () -> house.arrived(PhaseNames.DEPENDENCIES);
  }

  /** Phase {@code websocket}: the endpoint was registered with the beans, and now Jetty listens. */
  @Bean
  ApplicationListener<ServletWebServerInitializedEvent> listening(House house) {
    return event -> house.arrived(PhaseNames.WEBSOCKET);
  }
}
