package dev.vestibule.chat;

import dev.vestibule.chat.phases.DataDirectory;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.jetty.Screenings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the values of options, and collects what is wrong with them. Used by one thread. */
final class Options {

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");
  private static final Duration LONGEST = Duration.ofHours(1);

  private final List<String> mistakes = new ArrayList<>();

  /** Everything that is wrong, in the order in which it was found. */
  List<String> mistakes() {
    return mistakes;
  }

  void mistake(String option, String value, String expected) {
    mistakes.add("%s: %s (expected: %s)".formatted(option, value, expected));
  }

  int port(String option, String value) {
    try {
      int port = Integer.parseInt(value);
      if (port >= 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // The same mistake as a number out of range.
    }
    mistake(option, value, "0..65535");
    return 0;
  }

  InetAddress address(String value) {
    try {
      if (!value.isBlank()) {
        return InetAddress.getByName(value);
      }
    } catch (UnknownHostException e) {
      // Said below.
    }
    mistake("--address", value, "an address of this machine");
    return InetAddress.getLoopbackAddress();
  }

  Map<String, Duration> slow(List<String> values) {
    Map<String, Duration> slow = new LinkedHashMap<>();
    for (String value : values) {
      int equals = value.indexOf('=');
      String phase = equals < 0 ? value : value.substring(0, equals);
      if (equals < 0) {
        mistake("--slow", value, "PHASE=DURATION, such as services=3s");
      } else if (!PhaseNames.ALL.contains(phase)) {
        mistake("--slow", value, "one of the phases " + String.join(", ", PhaseNames.ALL));
      } else {
        Duration duration = duration("--slow", value, value.substring(equals + 1));
        if (slow.put(phase, duration) != null) {
          mistake("--slow", value, "each phase once");
        }
      }
    }
    return slow;
  }

  /** Zero when it is none. */
  Duration duration(String option, String value, String text) {
    try {
      Duration duration = parse(text);
      if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    mistake(option, value, "a duration such as 500ms, 3s or 1m, up to 60m");
    return Duration.ZERO;
  }

  /**
   * Reads a duration.
   *
   * @throws IllegalArgumentException when it is none
   */
  static Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      default -> Duration.ofMinutes(number);
    };
  }

  Set<String> origins(List<String> values) {
    Set<String> origins = new LinkedHashSet<>();
    for (String value : values) {
      try {
        Screenings.origins(Set.of(value));
        origins.add(value.toLowerCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        mistake("--origin", value, "scheme, host and port alone, such as https://chat.example");
      }
    }
    return origins;
  }

  @Nullable Path historySeed(@Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      Path path = Path.of(value).toAbsolutePath().normalize();
      if (Files.isRegularFile(path) && Files.isReadable(path)) {
        return path;
      }
    } catch (InvalidPathException e) {
      // Said below.
    }
    mistake("--history-seed", value.replace('\0', '?'), "a file that can be read");
    return null;
  }

  Path data(@Nullable String value, Map<String, String> environment) {
    String option = value == null ? "data directory" : "--data";
    String place = value == null ? defaultData(environment) : value;
    try {
      if (place.isBlank()) {
        mistake(option, "''", "a directory");
        return Path.of(".");
      }
      Path path = Path.of(place).toAbsolutePath().normalize();
      if (Files.exists(path)) {
        if (!Files.isDirectory(path)) {
          mistake(option, path.toString(), "a directory");
        } else if (!Files.isReadable(path) || !Files.isWritable(path)) {
          mistake(option, path.toString(), "a directory that can be read and written");
        } else if (!DataDirectory.isFree(path)) {
          mistake(option, path.toString(), "a directory that is new, empty or the chat's own");
        }
      } else if (!canBeMade(path)) {
        mistake(option, path.toString(), "a directory that exists or can be made");
      }
      return path;
    } catch (InvalidPathException e) {
      mistake(option, place.replace('\0', '?'), "a directory");
      return Path.of(".");
    }
  }

  private static boolean canBeMade(Path path) {
    Path parent = path.getParent();
    while (parent != null && Files.notExists(parent)) {
      parent = parent.getParent();
    }
    return parent != null && Files.isDirectory(parent) && Files.isWritable(parent);
  }

  /** By the XDG Base Directory Specification: $XDG_DATA_HOME, else ~/.local/share. */
  private static String defaultData(Map<String, String> environment) {
    String base = environment.getOrDefault("XDG_DATA_HOME", "");
    return Path.of(base).isAbsolute()
        ? base + "/vestibule"
        : System.getProperty("user.home", ".") + "/.local/share/vestibule";
  }
}
