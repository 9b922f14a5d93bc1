package dev.vestibule.spring;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.web.server.PortInUseException;

/** Tells failures that a person put into the configuration from those of the program. */
final class Mistakes {

  private Mistakes() {}

  /**
   * What is wrong with the configuration, when that is why the application could not start.
   *
   * @return one line per mistake; empty when the failure has another reason
   */
  static List<String> in(Throwable failure) {
    ConfigurationMistake own = find(failure, ConfigurationMistake.class);
    if (own != null) {
      return String.valueOf(own.getMessage()).lines().toList();
    }
    PortInUseException inUse = find(failure, PortInUseException.class);
    if (inUse != null) {
      return List.of(portInUse(inUse.getPort()));
    }
    BindException bind = find(failure, BindException.class);
    if (bind != null) {
      return List.of(conversion(bind.getName(), bind.getProperty(), bind.getTarget()));
    }
    for (Throwable cause : chain(failure)) {
      if (cause instanceof IllegalArgumentException && isThrownByVestibule(cause)) {
        return List.of(String.valueOf(cause.getMessage()));
      }
    }
    return List.of();
  }

  static String portInUse(int port) {
    return "server.port: %d (expected: a port that nobody else listens on)".formatted(port);
  }

  static String conversion(
      ConfigurationPropertyName name,
      @Nullable ConfigurationProperty property,
      Bindable<?> target) {
    String expected = SettingsBinding.expected(target.getType().resolve());
    if (property == null) {
      return "%s (expected: %s)".formatted(name, expected);
    }
    String source = property.getOrigin() == null ? "" : ", from " + property.getOrigin();
    return "%s: %s (expected: %s%s)"
        .formatted(property.getName(), property.getValue(), expected, source);
  }

  static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
    for (Throwable cause : chain(failure)) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }

  /** A definition's mistakes: the builders check what the application asked of them. */
  private static boolean isThrownByVestibule(Throwable cause) {
    StackTraceElement[] trace = cause.getStackTrace();
    return trace.length > 0 && trace[0].getClassName().startsWith("dev.vestibule.");
  }

  private static List<Throwable> chain(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    // A chain may lead back into itself.
    for (Throwable t = failure; t != null && causes.size() < 64; t = t.getCause()) {
      causes.add(t);
    }
    return causes;
  }
}
