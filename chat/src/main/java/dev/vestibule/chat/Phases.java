package dev.vestibule.chat;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import dev.vestibule.PhaseBuilder;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.StartupBuilder;
import dev.vestibule.Ticker;
import dev.vestibule.chat.phases.Housekeeping;
import dev.vestibule.chat.phases.PhaseNames;
import dev.vestibule.chat.phases.Slowdown;
import dev.vestibule.chat.phases.WarmUp;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How the parts of a house start. Safe for use by many threads.
 *
 * <pre>
 * init -> database -> services (the guide)
 *                  -> cache (optional)
 * dependencies (Spring's beans) -> websocket (Jetty)
 * all of them -> finalize
 * services, websocket -> model (optional, and only if one is configured)
 * </pre>
 *
 * <p>The time limits of cache and services are those of the original case as they fit the
 * environment; all are prolonged by what a phase is slowed by: to be slow on purpose is no failure.
 * The original's 3 s for its database were for a connection; the first start on a busy machine,
 * with all tables to be made, takes longer and is no failure either.
 */
final class Phases {

  private final House house;
  private final Settings settings;
  private final @Nullable String linkUser;
  private final Slowdown.Rest rest;

  /**
   * Names the parts, which need not be there yet: each phase asks for its own when it runs.
   *
   * @param linkUser who must exist because a sign-in link names them; null when none does
   * @param rest how the time of slowed phases is waited
   */
  Phases(House house, Settings settings, @Nullable String linkUser, Slowdown.Rest rest) {
    this.house = house;
    this.settings = settings;
    this.linkUser = linkUser;
    this.rest = rest;
  }

  /** The startup, not started. Its order is the one in which people read the phases. */
  Startup define() {
    StartupBuilder phases =
        Startup.define()
            .phase(PhaseNames.INIT, this::init)
            .phase(PhaseNames.DEPENDENCIES, this::dependencies)
            .phase(PhaseNames.DATABASE, this::database)
            .phase(PhaseNames.CACHE, this::cache)
            .phase(PhaseNames.SERVICES, this::services)
            .phase(PhaseNames.WEBSOCKET, this::websocket)
            .phase(PhaseNames.FINALIZE, this::finalizing);
    if (settings.model() != null) {
      phases.phase(PhaseNames.MODEL, this::model);
    }
    return phases.build();
  }

  private void init(PhaseBuilder phase) {
    limit(phase, PhaseNames.INIT, ofSeconds(5))
        .run(() -> house.directory().run(slowdown(PhaseNames.INIT)));
  }

  private void dependencies(PhaseBuilder phase) {
    limit(phase, PhaseNames.DEPENDENCIES, ofSeconds(60)).signalled();
  }

  private void database(PhaseBuilder phase) {
    limit(phase, PhaseNames.DATABASE, ofSeconds(20))
        .run(() -> house.database().run(slowdown(PhaseNames.DATABASE), this::tidy))
        .retries(4, ofMillis(500))
        .after(PhaseNames.INIT);
  }

  /** What must be done to the tables before anybody else uses them. */
  private void tidy() {
    int interrupted = house.conversations().markInterrupted();
    if (interrupted > 0) {
      System.getLogger(House.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "{0} answers were under way when the last process ended; marked as interrupted",
              interrupted);
    }
    if (linkUser != null) {
      house.users().ensure(linkUser);
    }
  }

  private void cache(PhaseBuilder phase) {
    limit(phase, PhaseNames.CACHE, settings.surroundings().limit(PhaseNames.CACHE))
        .run(() ->
            new WarmUp(house.revocations(), house.conversations()).run(slowdown(PhaseNames.CACHE)))
        .retries(3, ofMillis(500))
        .after(PhaseNames.DATABASE)
        .optional();
  }

  private void services(PhaseBuilder phase) {
    limit(phase, PhaseNames.SERVICES, settings.surroundings().limit(PhaseNames.SERVICES))
        .run(() -> house.guide().run(slowdown(PhaseNames.SERVICES)))
        .retries(2, ofMillis(500))
        .after(PhaseNames.DEPENDENCIES, PhaseNames.DATABASE);
  }

  private void websocket(PhaseBuilder phase) {
    limit(phase, PhaseNames.WEBSOCKET, ofSeconds(15)).signalled().after(PhaseNames.DEPENDENCIES);
  }

  private void finalizing(PhaseBuilder phase) {
    limit(phase, PhaseNames.FINALIZE, ofSeconds(5))
        .run(() ->
            new Housekeeping(house.passwords(), house.revocations())
                .run(slowdown(PhaseNames.FINALIZE)))
        .after(PhaseNames.CACHE, PhaseNames.SERVICES, PhaseNames.WEBSOCKET);
  }

  /** After what the first 101 needs, so that loading a model's library delays nobody. */
  private void model(PhaseBuilder phase) {
    phase
        .run(() -> Objects.requireNonNull(house.model()).prepare())
        .timeout(ofSeconds(30))
        .after(PhaseNames.SERVICES, PhaseNames.WEBSOCKET)
        .optional();
  }

  private PhaseBuilder limit(PhaseBuilder phase, String name, Duration limit) {
    return phase.timeout(limit.plus(settings.slow(name)));
  }

  private Slowdown slowdown(String phase) {
    return new Slowdown(settings.slow(phase), Ticker.system(), rest);
  }

  /** Says that a signalled phase has done its work; passed on when it has been slowed enough. */
  void arrived(String phase) {
    Startup startup = house.startup();
    Duration slow = settings.slow(phase);
    PhaseSnapshot now = startup.snapshot().phase(phase);
    Duration began = now.startedAt();
    Duration spent = began == null ? Duration.ZERO : startup.snapshot().elapsed().minus(began);
    Duration left = slow.minus(spent);
    if (left.isPositive()) {
      Scheduler.system().schedule(() -> startup.signal(phase).ready(), left);
    } else {
      startup.signal(phase).ready();
    }
  }
}
