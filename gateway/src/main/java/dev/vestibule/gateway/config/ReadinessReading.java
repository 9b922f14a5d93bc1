package dev.vestibule.gateway.config;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What {@code ready} means. */
final class ReadinessReading {

  // RFC 9112 section 3.2.1: what a request line may have as its target, as far as it needs no care.
  private static final Pattern TARGET = Pattern.compile("/[!-~]*");
  private static final Pattern STATUS = Pattern.compile("[1-5]\\d\\d");
  private static final Pattern PHASE = Pattern.compile("[\\w.-]{1,64}");
  private static final int OK = 200;

  private ReadinessReading() {}

  /** Null when it is none. */
  static @Nullable ReadinessSettings read(String text) {
    if (text.equals("tcp")) {
      return new ReadinessSettings.Tcp();
    }
    if (text.equals("notify")) {
      return new ReadinessSettings.Notify();
    }
    if (text.startsWith("http:")) {
      return http(text.substring("http:".length()));
    }
    return text.startsWith("push:") ? pushed(text.substring("push:".length())) : null;
  }

  private static @Nullable ReadinessSettings http(String text) {
    int equals = text.lastIndexOf('=');
    String path = text;
    int status = OK;
    // A query has = too: /health?deep=1 ends in no status.
    if (equals >= 0 && STATUS.matcher(text.substring(equals + 1)).matches()) {
      path = text.substring(0, equals);
      status = Integer.parseInt(text.substring(equals + 1));
    } else if (equals >= 0 && text.indexOf('?') < 0) {
      return null;
    }
    return TARGET.matcher(path).matches() && path.indexOf('#') < 0
        ? new ReadinessSettings.Http(path, status)
        : null;
  }

  private static @Nullable ReadinessSettings pushed(String text) {
    List<String> phases = List.of(text.split(",", -1));
    boolean names = phases.stream().allMatch(phase -> PHASE.matcher(phase).matches());
    return names && Set.copyOf(phases).size() == phases.size()
        ? new ReadinessSettings.Pushed(phases)
        : null;
  }

  /** As it is written. */
  static String text(ReadinessSettings readiness) {
    return switch (readiness) {
      case ReadinessSettings.Tcp tcp -> "tcp";
      case ReadinessSettings.Http http -> "http:" + http.path() + "=" + http.status();
      case ReadinessSettings.Notify notify -> "notify";
      case ReadinessSettings.Pushed pushed -> "push:" + String.join(",", pushed.phases());
    };
  }
}
