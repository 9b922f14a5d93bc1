package dev.vestibule.chat;

import dev.vestibule.chat.conversation.AnswerTimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The chat's own figures: how long answers take, and why a model gave none. Says nothing until it
 * is bound, which is when Spring has a registry. Safe for use by many threads.
 */
public final class Figures implements AnswerTimes {

  // From what a guide without a model needs to what people no longer wait for.
  private static final Duration[] CUTS = {
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2_500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30),
    Duration.ofMinutes(1),
    Duration.ofMinutes(2)
  };

  private volatile Map<String, Counter> failures = Map.of();
  private volatile AnswerTimes bound = AnswerTimes.none();

  /** Begins unbound. */
  public Figures() {}

  /**
   * Binds to a registry, once.
   *
   * @param registry told from now on
   * @param underWay how many answers are under way; asked when the registry is read
   * @param assistant who answers, usually: its series exist from the beginning
   */
  public void bindTo(MeterRegistry registry, IntSupplier underWay, String assistant) {
    Gauge.builder("chat.answers.under.way", underWay, IntSupplier::getAsInt)
        .description("Answers that are being made")
        .strongReference(true)
        .register(registry);
    Meters meters = new Meters(registry);
    meters.of(assistant);
    bound = meters;
  }

  /**
   * Binds the failures of a model, once. Whoever has none has no such series.
   *
   * @param registry told from now on
   * @param kinds why it may fail; a series for each exists from the beginning
   */
  public void bindFailures(MeterRegistry registry, List<String> kinds) {
    Map<String, Counter> counters = new HashMap<>();
    for (String kind : kinds) {
      counters.put(
          kind,
          Counter.builder("chat.model.failures")
              .description("Questions and probes that the model did not answer whole")
              .tag("kind", kind)
              .register(registry));
    }
    failures = Map.copyOf(counters);
  }

  /**
   * A question or a probe was not answered whole.
   *
   * @param kind why
   */
  public void modelFailed(String kind) {
    Counter counter = failures.get(kind);
    if (counter != null) {
      counter.increment();
    }
  }

  @Override
  public void answered(
      String assistant, @Nullable Duration toFirstToken, Duration total, Outcome outcome) {
    bound.answered(assistant, toFirstToken, total, outcome);
  }

  private static final class Meters implements AnswerTimes {
    private final MeterRegistry registry;
    private final Map<String, OfAssistant> assistants = new ConcurrentHashMap<>();

    Meters(MeterRegistry registry) {
      this.registry = registry;
    }

    /** There are as many as are configured. */
    OfAssistant of(String assistant) {
      return assistants.computeIfAbsent(assistant, name -> new OfAssistant(registry, name));
    }

    @Override
    public void answered(
        String assistant, @Nullable Duration toFirstToken, Duration total, Outcome outcome) {
      of(assistant).answered(toFirstToken, total, outcome);
    }
  }

  private static final class OfAssistant {
    private final Timer firstToken;
    private final Map<AnswerTimes.Outcome, Timer> whole = new EnumMap<>(AnswerTimes.Outcome.class);

    OfAssistant(MeterRegistry registry, String assistant) {
      firstToken =
          Timer.builder("chat.first.token")
              .description("From the message being stored to the answer's first text")
              .tag("assistant", assistant)
              .serviceLevelObjectives(CUTS)
              .register(registry);
      for (AnswerTimes.Outcome outcome : AnswerTimes.Outcome.values()) {
        whole.put(
            outcome,
            Timer.builder("chat.answer")
                .description("From the message being stored to the answer's end")
                .tag("assistant", assistant)
                .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .serviceLevelObjectives(CUTS)
                .register(registry));
      }
    }

    void answered(@Nullable Duration toFirstToken, Duration total, AnswerTimes.Outcome outcome) {
      if (toFirstToken != null) {
        firstToken.record(toFirstToken);
      }
      Timer timer = whole.get(outcome);
      if (timer != null) {
        timer.record(total);
      }
    }
  }
}
