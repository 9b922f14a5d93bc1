package dev.vestibule.history;

import dev.vestibule.StartupState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How a history is written: a first line with the version of the format, one line for each start,
 * the oldest first, and a last line with their number, by which a file that was cut off is known.
 *
 * <pre>
 * vestibule-history 1
 * 5e884898da280471 2026-03-01T06:30:00Z failed 8120.004 cache=120.004 services!8000.000
 * end 1
 * </pre>
 *
 * <p>A start is the key of its graph, when it ended (UTC), in which state and after how many
 * milliseconds, then each phase with its own: {@code =} became ready, {@code ~} did after more than
 * one attempt, {@code !} failed, {@code >} was cut short or never began. Whatever is not written
 * exactly as {@link #write} writes it is not read.
 */
final class HistoryText {

  /** How many starts of one graph are kept. */
  static final int MOST_STARTS = 50;

  /** How many graphs: enough for a few releases back and the tools beside them. */
  static final int MOST_GRAPHS = 8;

  /** How long a history may be, in bytes; no more is read, and no more is written. */
  static final int MOST_BYTES = 1 << 20;

  private static final String TITLE = "vestibule-history ";
  private static final String VERSION = "1";
  private static final String END = "end ";
  private static final int MOST_DIGITS = 11;

  // The words of a line that come before its phases.
  private static final int BEFORE_PHASES = 4;

  /** It is not a history, or one of a later version. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  private HistoryText() {}

  // ---- Writing

  /** The newest starts that may be kept, the oldest first. */
  static List<PastStart> newest(List<PastStart> starts) {
    Deque<PastStart> kept = new ArrayDeque<>();
    Map<String, Integer> counts = new HashMap<>();
    int bytes = TITLE.length() + END.length() + 16;
    for (int i = starts.size() - 1; i >= 0; i--) {
      PastStart start = starts.get(i);
      boolean known = counts.containsKey(start.graph());
      if (!known && counts.size() == MOST_GRAPHS) {
        continue;
      }
      if (counts.merge(start.graph(), 1, Integer::sum) > MOST_STARTS) {
        continue;
      }
      bytes += line(start).length();
      if (bytes > MOST_BYTES) {
        break;
      }
      kept.addFirst(start);
    }
    return List.copyOf(kept);
  }

  static String write(List<PastStart> starts) {
    StringBuilder out = new StringBuilder(TITLE).append(VERSION).append('\n');
    for (PastStart start : starts) {
      out.append(line(start));
    }
    return out.append(END).append(starts.size()).append('\n').toString();
  }

  private static String line(PastStart start) {
    StringBuilder out = new StringBuilder(start.graph());
    out.append(' ').append(start.at()).append(' ').append(word(start.state())).append(' ');
    appendMillis(out, TimeUnit.NANOSECONDS.toMicros(start.elapsed().toNanos()));
    start
        .phases()
        .forEach((name, time) -> {
          out.append(' ').append(Graphs.encoded(name)).append(time.end().mark);
          appendMillis(out, time.micros());
        });
    return out.append('\n').toString();
  }

  private static void appendMillis(StringBuilder out, long micros) {
    String decimals = Long.toString(micros % 1000);
    out.append(micros / 1000).append('.').append("0".repeat(3 - decimals.length()));
    out.append(decimals);
  }

  private static String word(StartupState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  // ---- Reading

  /**
   * The starts of a text.
   *
   * @throws Unreadable when it was not written by {@link #write}, naming the line
   */
  static List<PastStart> read(String text) throws Unreadable {
    List<String> lines = new ArrayList<>();
    int from = 0;
    for (int to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      lines.add(text.substring(from, to));
      from = to + 1;
    }
    String first = lines.isEmpty() ? "nothing" : lines.get(0);
    if (!first.equals(TITLE + VERSION)) {
      throw new Unreadable(
          "line 1: %s (expected: %s%s)".formatted(shortened(first), TITLE, VERSION));
    }
    int starts = lines.size() - 2;
    String last = lines.get(lines.size() - 1);
    if (from < text.length() || starts < 0 || !last.equals(END + starts)) {
      throw new Unreadable(
          "line %d: %s (expected: the last line, %s%d)"
              .formatted(lines.size(), shortened(last), END, Math.max(0, starts)));
    }
    List<PastStart> read = new ArrayList<>(starts);
    for (int i = 1; i <= starts; i++) {
      PastStart start = start(lines.get(i));
      if (start == null) {
        throw new Unreadable(
            "line %d: %s (expected: key, instant, state, time, and phases with times, by name)"
                .formatted(i + 1, shortened(lines.get(i))));
      }
      read.add(start);
    }
    return read;
  }

  private static @Nullable PastStart start(String line) {
    String[] words = line.split(" ", -1);
    if (words.length <= BEFORE_PHASES || !isKey(words[0])) {
      return null;
    }
    Instant at = instant(words[1]);
    StartupState state = state(words[2]);
    long elapsed = micros(words[3]);
    if (at == null || state == null || elapsed < 0) {
      return null;
    }
    SortedMap<String, PhaseTime> phases = new TreeMap<>();
    for (int i = BEFORE_PHASES; i < words.length; i++) {
      if (!readPhase(words[i], phases)) {
        return null;
      }
    }
    return new PastStart(words[0], at, state, Duration.of(elapsed, ChronoUnit.MICROS), phases);
  }

  private static @Nullable Instant instant(String word) {
    try {
      Instant at = Instant.parse(word);
      boolean whole = at.equals(at.truncatedTo(ChronoUnit.SECONDS));
      return whole && at.toString().equals(word) ? at : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static @Nullable StartupState state(String word) {
    for (StartupState state : StartupState.values()) {
      if (state != StartupState.RUNNING && word(state).equals(word)) {
        return state;
      }
    }
    return null;
  }

  private static boolean isKey(String word) {
    return word.length() == Graphs.KEY_LENGTH
        && word.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /** Reads one phase, which must come after those already read. */
  private static boolean readPhase(String word, SortedMap<String, PhaseTime> phases) {
    for (PhaseTime.End end : PhaseTime.End.values()) {
      int mark = word.indexOf(end.mark);
      if (mark > 0) {
        String name = decoded(word.substring(0, mark));
        long micros = micros(word.substring(mark + 1));
        if (name == null
            || micros < 0
            || (!phases.isEmpty() && phases.lastKey().compareTo(name) >= 0)) {
          return false;
        }
        phases.put(name, new PhaseTime(end, micros));
        return true;
      }
    }
    return false;
  }

  private static @Nullable String decoded(String word) {
    try {
      String name = URLDecoder.decode(word, StandardCharsets.UTF_8);
      return Graphs.encoded(name).equals(word) ? name : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Microseconds from milliseconds with three decimals; -1 when they are something else. */
  private static long micros(String word) {
    int point = word.length() - 4;
    if (point < 1 || point > MOST_DIGITS || word.charAt(point) != '.') {
      return -1;
    }
    if (point > 1 && word.charAt(0) == '0') {
      return -1;
    }
    long micros = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (i != point) {
        if (c < '0' || c > '9') {
          return -1;
        }
        micros = micros * 10 + (c - '0');
      }
    }
    return micros;
  }

  /** What a message can show of a line that anybody may have written. */
  private static String shortened(String line) {
    String shown = line.length() > 60 ? line.substring(0, 60) + "..." : line;
    return shown.replaceAll("[^ -~]", "?");
  }
}
