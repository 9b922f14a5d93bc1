package dev.vestibule.gateway.config;

import dev.vestibule.environment.EffectiveSettings;
import java.time.Duration;
import java.util.List;

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
      return "a duration such as 500ms, 30s or 5m, "
          + EffectiveSettings.text(least)
          + ".."
          + (most.equals(LONGEST) ? "24h" : EffectiveSettings.text(most));
    }
  }

  /**
   * One of several names.
   *
   * @param names all of them
   */
  record Choice(List<String> names) implements Form {

    /** Copies the list, so that the record is immutable. */
    public Choice {
      names = List.copyOf(names);
    }

    @Override
    public String expected() {
      return "one of " + String.join(", ", names);
    }
  }

  /**
   * Any other text.
   *
   * @param expected what a message says
   */
  record Text(String expected) implements Form {}

  /** Said without a value. */
  record Flag() implements Form {
    @Override
    public String expected() {
      return "no value";
    }
  }
}
