package dev.vestibule.chat.model;

import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.chat.assistant.Assistant;
import dev.vestibule.chat.assistant.Guide;
import dev.vestibule.chat.conversation.Conversations;
import dev.vestibule.resilience4j.PhaseBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A language model that answers in the chat, with a circuit breaker around it. Safe for use by many
 * threads.
 */
public final class Model implements AutoCloseable {

  /** How long a model that failed is left alone before it is probed. */
  static final Duration LEFT_ALONE = Duration.ofSeconds(10);

  // Three failures are all attempts of one question; half of the last six covers a flaky endpoint.
  private static final int FEWEST_CALLS = 3;
  private static final int CALLS = 6;
  private static final float MOST_FAILED_PERCENT = 50;

  private final ModelSettings settings;
  private final InstantSource clock;
  private final CircuitBreaker breaker;
  private final ModelAssistant assistant;

  // Guarded by this.
  private @Nullable Endpoint endpoint;
  private boolean closed;
  private @Nullable PhaseBreaker binding;

  /**
   * Puts it together; nothing is loaded or asked yet.
   *
   * @param settings which model
   * @param guide whose tools it uses, and who answers in its place
   * @param conversations what was said before
   * @param clock the time of day
   * @param ticker measures calls
   * @param scheduler keeps the limits
   * @param failures told which of {@link #failureKinds()} it was when a question or a probe was not
   *     answered; must be quick, must not block, and must be safe for use by many threads
   */
  public Model(
      ModelSettings settings,
      Guide guide,
      Conversations conversations,
      InstantSource clock,
      Ticker ticker,
      Scheduler scheduler,
      Consumer<String> failures) {
    this(settings, guide, conversations, clock, ticker, scheduler, failures, new Random());
  }

  /** The same, with the random numbers that stretch pauses. */
  Model(
      ModelSettings settings,
      Guide guide,
      Conversations conversations,
      InstantSource clock,
      Ticker ticker,
      Scheduler scheduler,
      Consumer<String> failures,
      RandomGenerator random) {
    this.settings = settings;
    this.clock = clock;
    this.breaker = CircuitBreaker.of("model", config(ticker));
    this.assistant =
        new ModelAssistant(
            settings,
            this::endpoint,
            breaker,
            guide,
            conversations,
            ticker,
            scheduler,
            new Pauses(random),
            failures);
  }

  private static CircuitBreakerConfig config(Ticker ticker) {
    return CircuitBreakerConfig.custom()
        .slidingWindowType(CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .slidingWindowSize(CALLS)
        .minimumNumberOfCalls(FEWEST_CALLS)
        .failureRateThreshold(MOST_FAILED_PERCENT)
        .waitDurationInOpenState(LEFT_ALONE)
        .permittedNumberOfCallsInHalfOpenState(1)
        // The same for probes, which are counted by their binding.
        .recordException(e -> !(e instanceof ModelFailure failure) || failure.kind().isCounted())
        .clock(new TickerClock(ticker))
        .currentTimestampFunction(clock -> ticker.read(), TimeUnit.NANOSECONDS)
        .build();
  }

  /**
   * Makes a phase tell whether the model is up: down while the breaker is open, back when a probe
   * has had an answer.
   *
   * @param startup that has the phase
   * @param phase an optional one
   * @param ticker measures probes
   * @param scheduler says when to probe
   */
  public void bind(Startup startup, String phase, Ticker ticker, Scheduler scheduler) {
    bind(
        startup,
        phase,
        ticker,
        scheduler,
        task -> Thread.ofVirtual().name("model-probe").start(task));
  }

  synchronized void bind(
      Startup startup, String phase, Ticker ticker, Scheduler scheduler, Executor probes) {
    binding =
        PhaseBreaker.bind(breaker)
            .to(startup, phase)
            // A model that has to be loaded first may take its time: its limits are a question's,
            // which the probe keeps itself. This one is behind them.
            .timeout(settings.limits().answer().plus(settings.limits().connect()))
            // After one that says nothing about whether it is back.
            .every(LEFT_ALONE)
            .ticker(ticker)
            .scheduler(scheduler)
            .executor(probes)
            .recoveringBy(assistant::probe);
  }

  /**
   * The phase's work: loads what the model is asked with. Asks nothing: that may cost money, or
   * make a machine load gigabytes. The first question finds out.
   */
  public void prepare() {
    endpoint();
    System.Logger log = System.getLogger(Model.class.getName());
    log.log(System.Logger.Level.INFO, "questions go to {0}", settings);
    if (settings.sendsKeyInTheClear()) {
      log.log(
          System.Logger.Level.WARNING,
          "the model''s key goes to {0} unencrypted (expected: https)",
          settings.url());
    }
  }

  private synchronized Endpoint endpoint() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
    Endpoint made = endpoint;
    if (made == null) {
      made = new SpringAiEndpoint(settings, clock);
      endpoint = made;
    }
    return made;
  }

  /**
   * Why a model may fail.
   *
   * @return lower-case words, always the same
   */
  public static List<String> failureKinds() {
    return Arrays.stream(ModelFailure.Kind.values())
        .filter(kind -> kind != ModelFailure.Kind.STOPPED)
        .map(ModelFailure.Kind::label)
        .toList();
  }

  /** Where its breaker stands. */
  CircuitBreaker.State state() {
    return breaker.getState();
  }

  /**
   * Who answers.
   *
   * @return always the same
   */
  public Assistant assistant() {
    return assistant;
  }

  /** Ends what is under way. */
  @Override
  public synchronized void close() {
    closed = true;
    if (binding != null) {
      binding.close();
    }
    if (endpoint != null) {
      endpoint.close();
    }
  }

  /** The breaker asks a clock how long it has been open; only differences mean anything. */
  private static final class TickerClock extends Clock {
    private final Ticker ticker;

    TickerClock(Ticker ticker) {
      this.ticker = ticker;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH.plusNanos(ticker.read());
    }
  }
}
