package dev.vestibule.chat;

import dev.vestibule.Door;
import dev.vestibule.Estimator;
import dev.vestibule.chat.web.ChatApplication;
import dev.vestibule.environment.EffectiveSettings;
import dev.vestibule.spring.AdminServer;
import dev.vestibule.spring.PastStarts;
import dev.vestibule.spring.VestibuleApplication;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/** A house with the web in front of it, running. Safe for use by many threads. */
public final class ChatServer implements AutoCloseable {

  private final House house;
  private final ConfigurableApplicationContext context;

  private ChatServer(House house, ConfigurableApplicationContext context) {
    this.house = house;
    this.context = context;
  }

  /**
   * Runs Spring behind a door that is open. Phases may still be running when it returns.
   *
   * @param house whose startup is started here if it has not been
   * @param door where clients knock already
   * @param exitOnFailure whether the process ends when a required phase fails
   * @return the running server
   * @throws RuntimeException why Spring could not start
   */
  public static ChatServer run(House house, Door door, boolean exitOnFailure) {
    ConfigurableApplicationContext context =
        VestibuleApplication.of(ChatApplication.class)
            .door(door)
            .startup(house.startup())
            .singleton("house", house)
            .singleton("gate", house.gate())
            // Not as a History: the house itself keeps what it learns.
            .singleton(
                "estimator", (Estimator) (now, phases) -> house.history().remaining(now, phases))
            .singleton(
                "pastStarts",
                (PastStarts)
                    most -> house.history().last(house.startup().snapshot().phases(), most))
            .singleton("lastRefusals", house.refusals())
            .singleton("origins", new Origins(origins(house.settings(), door.port())))
            .singleton(
                "effectiveSettings", house.settings().surroundings().effective(house.settings()))
            .run(arguments(house.settings(), door, exitOnFailure).toArray(String[]::new));
    return new ChatServer(house, context);
  }

  private static List<String> arguments(Settings settings, Door door, boolean exitOnFailure) {
    List<String> arguments = new ArrayList<>();
    arguments.add("--server.port=" + door.port());
    arguments.add("--server.address=" + settings.address().getHostAddress());
    arguments.add("--vestibule.exit-on-failure=" + exitOnFailure);
    if (settings.adminPort() != null) {
      arguments.add("--vestibule.admin.port=" + settings.adminPort());
    }
    for (EffectiveSettings.Setting it : settings.surroundings().chosen()) {
      // What was said in another way the starter finds by itself, also if it is wrong.
      if (it.source().startsWith("--")) {
        arguments.add("--vestibule." + it.key() + "=" + it.value());
      }
    }
    return arguments;
  }

  /**
   * The origins that pages may come from, exactly.
   *
   * @param allowed as a browser sends them
   */
  public record Origins(Set<String> allowed) {

    /** Copies the set, so that the record is immutable. */
    public Origins {
      allowed = Set.copyOf(allowed);
    }
  }

  static Set<String> origins(Settings settings, int port) {
    Set<String> origins = new LinkedHashSet<>(settings.origins());
    InetAddress address = settings.address();
    if (address.isLoopbackAddress()) {
      // A browser leaves out the port that is the scheme's own.
      String suffix = port == 80 ? "" : ":" + port;
      origins.add("http://127.0.0.1" + suffix);
      origins.add("http://localhost" + suffix);
      origins.add("http://[::1]" + suffix);
      origins.add("http://" + Welcome.host(address) + suffix);
    }
    return origins;
  }

  /**
   * What is behind the web.
   *
   * @return the house
   */
  public House house() {
    return house;
  }

  /**
   * Where the admin side is.
   *
   * @return the URL of its page; null when it is off, or could not listen
   */
  public @Nullable String adminUrl() {
    AdminServer admin = context.getBeanProvider(AdminServer.class).getIfAvailable();
    return admin == null ? null : admin.url();
  }

  /** Drains, stops the web, then closes the house. */
  @Override
  public void close() {
    try {
      context.close();
    } finally {
      house.close();
    }
  }
}
