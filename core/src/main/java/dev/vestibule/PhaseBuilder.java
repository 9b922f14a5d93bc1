package dev.vestibule;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Describes one phase. A phase is exactly one of {@linkplain #run run}, {@linkplain #signalled
 * signalled} and {@linkplain #probed probed}. Mistakes are reported together by {@link
 * StartupBuilder#build()}. Not safe for use by many threads.
 */
public final class PhaseBuilder {

  /** How often a probe asks when nothing else is said. */
  static final Duration PROBE_INTERVAL = Duration.ofMillis(100);

  private final String name;
  private final Mistakes mistakes;
  private int kinds;
  private @Nullable PhaseTask task;
  private @Nullable Probe probe;
  private @Nullable ReadinessStrategy strategy;
  private final Set<String> after = new LinkedHashSet<>();
  private @Nullable Duration timeout;
  private int retries;
  private Duration retryDelay = Duration.ZERO;
  private boolean optional;
  private @Nullable HealthDefinition health;

  PhaseBuilder(String name, Mistakes mistakes) {
    this.name = name;
    this.mistakes = mistakes;
  }

  /**
   * Vestibule runs this task, on a thread of its own, once everything that the phase comes after
   * has passed.
   *
   * @param task the work
   * @return this
   */
  public PhaseBuilder run(PhaseTask task) {
    this.task = Objects.requireNonNull(task, "task");
    kinds++;
    return this;
  }

  /**
   * The application says when the phase is ready or failed, through {@link Startup#signal(String)}.
   *
   * @return this
   */
  public PhaseBuilder signalled() {
    kinds++;
    return this;
  }

  /**
   * Vestibule asks, every 100 ms unless {@link #strategy} says otherwise, once everything that the
   * phase comes after has passed.
   *
   * @param probe what to ask
   * @return this
   */
  public PhaseBuilder probed(Probe probe) {
    this.probe = Objects.requireNonNull(probe, "probe");
    kinds++;
    return this;
  }

  /**
   * How a probed phase asks.
   *
   * @param strategy a polling strategy; a short interval notices sooner and asks more
   * @return this
   */
  public PhaseBuilder strategy(ReadinessStrategy strategy) {
    this.strategy = Objects.requireNonNull(strategy, "strategy");
    return this;
  }

  /**
   * What must have passed before this phase begins: become ready, or, for an optional phase, ended
   * in any way or is down. May be said several times.
   *
   * @param phases names of other phases
   * @return this
   */
  public PhaseBuilder after(String... phases) {
    after.addAll(List.of(phases));
    return this;
  }

  /**
   * The longest that one attempt of a task, or the whole wait for a signal or a probe, may take.
   * Then a task is interrupted and tried again if it has retries left, else the phase fails.
   * Unlimited by default, which leaves waiting connections bounded by their own time alone.
   *
   * @param timeout more than zero, at most 365 days
   * @return this
   */
  public PhaseBuilder timeout(Duration timeout) {
    mistakes.expectPositive(path("timeout"), timeout);
    this.timeout = timeout;
    return this;
  }

  /**
   * Runs a task that failed again. An attempt that ran out of time and ignores its interrupt may
   * still be running beside the next one; that is logged, and its late result is ignored.
   *
   * @param retries how many times after the first attempt; default 0
   * @param delay from the end of an attempt to the beginning of the next; zero to 365 days
   * @return this
   */
  public PhaseBuilder retries(int retries, Duration delay) {
    mistakes.expectAtLeast(path("retries"), retries, 0);
    mistakes.expectNotNegative(path("retries.delay"), delay);
    this.retries = retries;
    this.retryDelay = delay;
    return this;
  }

  /**
   * Startup can do without this phase: when it fails, startup is degraded, phases after it still
   * run, and routes that do not name it are served. Phases are required by default.
   *
   * @return this
   */
  public PhaseBuilder optional() {
    this.optional = true;
    return this;
  }

  /**
   * Watches the phase once it is ready, whatever its kind: when the probe says no several times in
   * a row the phase is {@link PhaseState#DOWN} and routes that need it hold newcomers; when it says
   * yes several times in a row the phase is ready again. Sessions that are open are not touched.
   *
   * @param probe asked on a thread of its own, one question at a time
   * @param definition says how often, and how many answers count
   * @return this
   */
  public PhaseBuilder health(Probe probe, Consumer<HealthBuilder> definition) {
    HealthBuilder builder = new HealthBuilder(path("health"), mistakes);
    definition.accept(builder);
    health = builder.define(Objects.requireNonNull(probe, "probe"));
    return this;
  }

  PhaseDefinition define() {
    if (kinds != 1) {
      mistakes.add(
          "%s: %d kinds (expected: exactly one of run, signalled, probed)", path("kind"), kinds);
    }
    if (retries > 0 && task == null) {
      mistakes.add("%s: %d (expected: only on a phase with run)", path("retries"), retries);
    }
    if (strategy != null && (probe == null || !strategy.polls())) {
      mistakes.add(
          "%s: %s (expected: fixed or progressive, on a phase with probed)",
          path("strategy"), strategy.name());
    }
    ReadinessStrategy ask =
        strategy != null && strategy.polls() ? strategy : ReadinessStrategy.fixed(PROBE_INTERVAL);
    return new PhaseDefinition(
        name,
        task,
        probe,
        probe == null ? ReadinessStrategy.signal() : ask,
        List.copyOf(after),
        timeout,
        retries,
        retryDelay,
        optional,
        health);
  }

  private String path(String option) {
    return "phase " + name + "." + option;
  }
}
