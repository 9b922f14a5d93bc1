package dev.vestibule.gateway.config;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the gateway shows itself.
 *
 * @param socket a Unix socket for the admin side, made with mode 0600; null: none
 * @param port a port on loopback for the admin side; null: none
 * @param probes where {@code /livez}, {@code /readyz} and {@code /startupz} alone are answered;
 *     null: nowhere
 * @param ready when {@code /readyz} says yes
 * @param accessLog how the line per session is written
 */
public record AdminSettings(
    @Nullable Path socket,
    @Nullable Integer port,
    @Nullable InetSocketAddress probes,
    ReadyWhen ready,
    AccessLogFormat accessLog) {

  /** No admin side, no probes, no access log. */
  public static final AdminSettings NONE =
      new AdminSettings(null, null, null, ReadyWhen.OPEN, AccessLogFormat.OFF);

  /** When {@code /readyz} says yes. */
  public enum ReadyWhen {
    /** Once every upstream is ready: right where others can be asked meanwhile. */
    OPEN,
    /** As soon as clients can be held: right with one instance, from zero. */
    HOLDING
  }

  /** How the access log is written, to standard output. */
  public enum AccessLogFormat {
    /** Not at all. */
    OFF,
    /** A line of text. */
    TEXT,
    /** A line of JSON. */
    JSON
  }
}
