package dev.vestibule.gateway.config;

import dev.vestibule.environment.EffectiveSettings;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Of what form a value is, and so what is said when one is of another. */
public sealed interface Form {

  /** Far beyond use, and far below where nanoseconds overflow. */
  Duration LONGEST = Duration.ofHours(24);

  /**
   * What a message says that it expected.
   *
   * @return for example {@code >= 0}
   */
  String expected();

  /**
   * What stands for a value in help.
   *
   * @return empty where there is none
   */
  String label();

  /**
   * A whole number.
   *
   * @param least the smallest
   * @param most the greatest
   */
  record Count(int least, int most) implements Form {
    @Override
    public String expected() {
      return most == Integer.MAX_VALUE ? ">= " + least : least + ".." + most;
    }

    @Override
    public String label() {
      return "N";
    }
  }

  /**
   * A duration.
   *
   * @param least the shortest
   * @param most the longest
   */
  record Time(Duration least, Duration most) implements Form {
    @Override
    public String expected() {
      return "a duration such as 500ms, 30s or 5m, " + text(least) + ".." + text(most);
    }

    @Override
    public String label() {
      return "DURATION";
    }

    /** As somebody would write it: {@code 1h}, {@code 90s}, {@code 500ms}. */
    static String text(Duration time) {
      if (time.isZero() || time.toSeconds() % 60 != 0 || time.toMillis() % 1000 != 0) {
        return EffectiveSettings.text(time);
      }
      return time.toSeconds() % 3600 == 0 ? time.toHours() + "h" : time.toMinutes() + "m";
    }
  }

  /**
   * One of several names.
   *
   * @param label what stands for it in help
   * @param names all of them
   */
  record Choice(String label, List<String> names) implements Form {

    /** Copies the list, so that the record is immutable. */
    public Choice {
      names = List.copyOf(names);
    }

    static Choice of(String label, Enum<?>[] values) {
      return new Choice(
          label,
          Arrays.stream(values).map(value -> value.name().toLowerCase(Locale.ROOT)).toList());
    }

    @Override
    public String expected() {
      return "one of " + String.join(", ", names);
    }
  }

  /**
   * Any other text.
   *
   * @param label what stands for it in help
   * @param expected what a message says
   */
  record Text(String label, String expected) implements Form {}

  /** Said without a value. */
  record Flag() implements Form {
    @Override
    public String expected() {
      return "no value";
    }

    @Override
    public String label() {
      return "";
    }
  }
}
