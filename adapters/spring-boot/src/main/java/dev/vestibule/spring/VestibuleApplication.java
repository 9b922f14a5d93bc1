package dev.vestibule.spring;

import dev.vestibule.Startup;
import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Skeleton: opens no door yet. */
public final class VestibuleApplication {

  private final Class<?> application;
  private final Map<String, Object> singletons = new LinkedHashMap<>();
  private @Nullable Startup startup;
  private @Nullable Integer port;
  private @Nullable InetAddress address;

  private VestibuleApplication(Class<?> application) {
    this.application = application;
  }

  /**
   * Opens the door, then runs Spring; ends the process when it cannot start.
   *
   * @param application the class with {@code @SpringBootApplication}
   * @param args of {@code main}
   * @return the running context
   */
  public static ConfigurableApplicationContext run(Class<?> application, String... args) {
    return of(application).runOrExit(args);
  }

  /**
   * Begins a definition.
   *
   * @param application the class with {@code @SpringBootApplication}
   * @return a builder
   */
  public static VestibuleApplication of(Class<?> application) {
    return new VestibuleApplication(application);
  }

  /**
   * Where the door is.
   *
   * @param port 0..65535
   * @return this
   */
  public VestibuleApplication port(int port) {
    this.port = port;
    return this;
  }

  /**
   * Which address the door is bound to.
   *
   * @param address by default every address
   * @return this
   */
  public VestibuleApplication address(InetAddress address) {
    this.address = address;
    return this;
  }

  /**
   * The application's own startup, in place of the one that the starter would build.
   *
   * @param startup started already, or not
   * @return this
   */
  public VestibuleApplication startup(Startup startup) {
    this.startup = startup;
    return this;
  }

  /**
   * Makes an object known to Spring as a bean.
   *
   * @param name the bean's name
   * @param bean the object
   * @return this
   */
  public VestibuleApplication singleton(String name, Object bean) {
    singletons.put(name, bean);
    return this;
  }

  /**
   * Runs, and throws what went wrong.
   *
   * @param args of {@code main}
   * @return the running context
   */
  public ConfigurableApplicationContext run(String... args) {
    SpringApplication spring = new SpringApplication(application);
    spring.addInitializers(
        context -> {
          singletons.forEach(context.getBeanFactory()::registerSingleton);
          if (startup != null) {
            context.getBeanFactory().registerSingleton("startup", startup);
          }
        });
    if (port != null || address != null) {
      spring.setDefaultProperties(Map.of());
    }
    return spring.run(args);
  }

  /**
   * Runs; when the application cannot start, ends the process.
   *
   * @param args of {@code main}
   * @return the running context
   */
  public ConfigurableApplicationContext runOrExit(String... args) {
    return run(args);
  }
}
