package dev.vestibule.gateway.config;

import java.util.List;

/** How the gateway learns that an upstream is ready. */
public sealed interface ReadinessSettings {

  /** It accepts a TCP connection. The default. */
  record Tcp() implements ReadinessSettings {}

  /**
   * It answers a GET with an expected status.
   *
   * @param path begins with a slash; may have a query
   * @param status 100 to 599; default 200
   */
  record Http(String path, int status) implements ReadinessSettings {}

  /** It says so by systemd's notify protocol, at the socket that {@code NOTIFY_SOCKET} names. */
  record Notify() implements ReadinessSettings {}

  /**
   * It says so phase by phase, as JSON at the admin side.
   *
   * @param phases the names that it reports, all of which must be ready; one or more, all different
   */
  record Pushed(List<String> phases) implements ReadinessSettings {

    /** Copies the list, so that the record is immutable. */
    public Pushed {
      phases = List.copyOf(phases);
    }
  }
}
