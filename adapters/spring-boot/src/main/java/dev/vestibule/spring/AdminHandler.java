package dev.vestibule.spring;

import java.util.Objects;
import org.eclipse.jetty.server.Handler;

/**
 * Something that the admin side shows, as a bean. Strangers do not see it; it is started and
 * stopped with the admin side, where that is on, and reached once all beans are made. What it
 * throws is a 500 there and does nobody else any harm.
 *
 * @param path which path it answers, exactly, such as {@code /metrics}; one that starts with a
 *     slash, is no other bean's and not {@code /startupz}
 * @param handler answers GET requests whose Host has been checked, on the admin side's own few
 *     threads
 */
public record AdminHandler(String path, Handler handler) {

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException when it does not start with a slash
   */
  public AdminHandler {
    Objects.requireNonNull(handler, "handler");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("path: " + path + " (expected: a path, such as /metrics)");
    }
  }
}
