package dev.vestibule.spring;

import dev.vestibule.Door;
import dev.vestibule.Startup;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Starts a Spring Boot application behind an open door: the port is open before the first class of
 * Spring is loaded, and who connects meanwhile waits. In {@code main}:
 *
 * <pre>{@code
 * VestibuleApplication.run(ChatApplication.class, args);
 * }</pre>
 *
 * <p>The port is the one given to {@link #port}, else that of {@code --server.port=}, {@code
 * -Dserver.port}, {@code SERVER_PORT} or {@code PORT}, in this order, else 8080; 0 takes any free
 * one. Configuration files are read when the door is open already: one that names another port is a
 * mistake that is reported. The address is found in the same way, from {@code server.address} and
 * {@code SERVER_ADDRESS}, and {@code vestibule.backlog} too. Not safe for use by many threads.
 */
public final class VestibuleApplication {

  private final Class<?> application;
  private final Map<String, Object> singletons = new LinkedHashMap<>();
  private @Nullable Startup startup;
  private @Nullable Door door;
  private @Nullable Integer port;
  private @Nullable InetAddress address;

  private VestibuleApplication(Class<?> application) {
    this.application = Objects.requireNonNull(application, "application");
  }

  /**
   * Opens the door, then runs Spring. The same as {@code of(application).runOrExit(args)}.
   *
   * @param application the class with {@code @SpringBootApplication}
   * @param args the arguments of {@code main}
   * @return the running context; it does not return when the application cannot start
   */
  public static ConfigurableApplicationContext run(Class<?> application, String... args) {
    return of(application).runOrExit(args);
  }

  /**
   * Begins a definition.
   *
   * @param application the class with {@code @SpringBootApplication}
   * @return a definition
   */
  public static VestibuleApplication of(Class<?> application) {
    return new VestibuleApplication(application);
  }

  /**
   * The door's port, whatever arguments and environment say.
   *
   * @param port 0 to 65535; 0 takes any free one, and {@code server.port} is set to it
   * @return this
   * @throws IllegalArgumentException when out of range
   */
  public VestibuleApplication port(int port) {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port: " + port + " (expected: 0..65535)");
    }
    this.port = port;
    return this;
  }

  /**
   * The address that the door listens at, whatever arguments and environment say.
   *
   * @param address one of this machine's; by default all of them
   * @return this
   */
  public VestibuleApplication address(InetAddress address) {
    this.address = Objects.requireNonNull(address, "address");
    return this;
  }

  /**
   * A door that is open already, in place of one opened here.
   *
   * @param door adopted by the server, or refused when there will be none
   * @return this
   */
  public VestibuleApplication door(Door door) {
    this.door = Objects.requireNonNull(door, "door");
    return this;
  }

  /**
   * The application's own startup, usually started already so that its phases run beside Spring's
   * own start; started here otherwise. If it has a signalled phase {@code application}, that is
   * ready when Spring is. Without this, one is built of that phase and every {@link StartupPhase}
   * bean.
   *
   * @param startup closed when the context is
   * @return this
   */
  public VestibuleApplication startup(Startup startup) {
    this.startup = Objects.requireNonNull(startup, "startup");
    return this;
  }

  /**
   * Makes an object that exists already known to Spring as a bean.
   *
   * @param name the bean's name
   * @param bean the object; Spring does not close it
   * @return this
   */
  public VestibuleApplication singleton(String name, Object bean) {
    singletons.put(name, Objects.requireNonNull(bean, name));
    return this;
  }

  /**
   * Opens the door and runs Spring, and throws what goes wrong; by then everyone who waited at the
   * door has been refused. For tests, and for whoever decides about the process himself.
   *
   * @param args the arguments of {@code main}
   * @return the running context
   * @throws RuntimeException why the application could not start
   */
  public ConfigurableApplicationContext run(String... args) {
    return run(false, args);
  }

  /**
   * Opens the door and runs Spring; when the application cannot start, or a required phase fails
   * later (see {@code vestibule.exit-on-failure}), everyone who waits is refused, which takes at
   * most a second, and the process ends: with exit code 2 and one message on stderr when the
   * configuration is wrong, else with exit code 1.
   *
   * @param args the arguments of {@code main}
   * @return the running context
   */
  public ConfigurableApplicationContext runOrExit(String... args) {
    try {
      return run(true, args);
    } catch (RuntimeException | Error e) {
      throw Launch.exit(e);
    }
  }

  private ConfigurableApplicationContext run(boolean mayExit, String... args) {
    // No class of Spring is loaded before the door is open.
    Door open = door;
    if (open == null && !Boolean.getBoolean("spring.aot.processing")) {
      open = open(args);
    }
    EarlyLog early =
        EarlyLog.isNeeded() ? EarlyLog.on(LogFormat.early(args, System.getenv())) : null;
    if (early != null) {
      // Before the first phase has anything to say.
      early.install();
    }
    Startup own = startup;
    if (own != null && !hasStarted(own)) {
      own.start();
    }
    return new Launch(application, open, own, singletons, mayExit, early).run(args);
  }

  private Door open(String[] args) {
    DoorAddress find = new DoorAddress(args, System.getenv());
    InetSocketAddress at = find.find(port, address);
    int backlog =
        find.number(
            "vestibule.backlog", "VESTIBULE_BACKLOG", 1, Integer.MAX_VALUE, Door.DEFAULT_BACKLOG);
    if (!find.mistakes().isEmpty()) {
      throw Launch.mistake(find.mistakes());
    }
    try {
      return Door.open(at, backlog);
    } catch (IOException e) {
      throw Launch.mistake(List.of("server.port: " + e.getMessage()));
    }
  }

  private static boolean hasStarted(Startup startup) {
    // Something has no dependency, and it leaves PENDING at once.
    return startup.snapshot().phases().stream()
        .anyMatch(phase -> phase.state() != dev.vestibule.PhaseState.PENDING);
  }
}
