package dev.vestibule.micrometer;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Admitted;
import dev.vestibule.Arrival;
import dev.vestibule.Gate;
import dev.vestibule.Reason;
import dev.vestibule.Startup;
import dev.vestibule.Waiter;
import dev.vestibule.testkit.ManualTime;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VestibuleMetricsTest {

  private final ManualTime time = new ManualTime();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final List<Admitted> admitted = new ArrayList<>();
  private final Startup startup =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .ticker(time)
          .scheduler(time)
          .build();
  private final Gate gate =
      Gate.before(startup)
          .route("/chat/**", r -> r.requires("services"))
          .route("/short", r -> r.requires("services").holdAtMost(ofSeconds(5)))
          .ticker(time)
          .scheduler(time)
          .build();

  private Waiter admit(String path) {
    return gate.admit(
        Arrival.at(path).on(Runnable::run),
        admission -> {
          if (admission instanceof Admitted in) {
            admitted.add(in);
          }
        });
  }

  private double gauge(String name, String... tags) {
    return registry.get(name).tags(tags).gauge().value();
  }

  private Timer waits(String route, String outcome) {
    return registry.get("vestibule.wait").tags("route", route, "outcome", outcome).timer();
  }

  private double refusals(String route, Reason reason) {
    return registry
        .get("vestibule.refusals")
        .tags("route", route, "reason", Names.of(reason))
        .counter()
        .count();
  }

  @Test
  void waitsAreMeasuredByRouteAndOutcome() {
    VestibuleMetrics.bind(registry, startup, gate);
    startup.start();
    admit("/chat/1");
    admit("/chat/2");
    admit("/short");
    Waiter leaves = admit("/chat/3");
    assertThat(gauge("vestibule.waiting", "route", "/chat/**")).isEqualTo(3);
    assertThat(gauge("vestibule.waiting", "route", "/short")).isEqualTo(1);

    time.advance(ofSeconds(2));
    leaves.leave();
    time.advance(ofSeconds(3));
    startup.signal("database").ready();
    startup.signal("services").ready();

    Timer in = waits("/chat/**", "admitted");
    assertThat(in.count()).isEqualTo(2);
    assertThat(in.totalTime(TimeUnit.SECONDS)).isEqualTo(10);
    assertThat(waits("/chat/**", "left").totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    assertThat(waits("/short", "refused").totalTime(TimeUnit.SECONDS)).isEqualTo(5);
    assertThat(refusals("/short", Reason.BUDGET_SPENT)).isEqualTo(1);
    assertThat(gauge("vestibule.waiting", "route", "/chat/**")).isZero();
  }

  @Test
  void admissionsAreInFlightUntilSettledAndAreCountedWhenPutBack() {
    VestibuleMetrics.bind(registry, startup, gate);
    startup.start();
    admit("/chat/1");
    admit("/chat/2");
    startup.signal("database").ready();
    startup.signal("services").ready();
    assertThat(gauge("vestibule.admissions.in.flight")).isEqualTo(2);
    admitted.get(0).opened();
    startup.signal("services").lost(new IllegalStateException("gone"));
    admitted.get(1).failed(new IllegalStateException("not there"));
    assertThat(gauge("vestibule.admissions.in.flight")).isZero();
    assertThat(registry.get("vestibule.admissions.returned").functionCounter().count())
        .isEqualTo(1);
    assertThat(gauge("vestibule.waiting", "route", "/chat/**")).isEqualTo(1);
  }

  @Test
  void everySeriesIsThereBeforeAnythingHappens() {
    VestibuleMetrics.bind(registry, startup, gate);
    for (Reason reason : Reason.values()) {
      assertThat(refusals("/chat/**", reason)).isZero();
      assertThat(refusals("/short", reason)).isZero();
    }
    assertThat(registry.find("vestibule.wait").timers()).hasSize(2 * 3);
    assertThat(registry.find("vestibule.route.state").gauges()).hasSize(2 * 4);
    assertThat(registry.find("vestibule.phase.state").gauges()).hasSize(2 * 7);
  }

  @Test
  void exactlyOneStateIsOne() {
    VestibuleMetrics.bind(registry, startup, gate);
    assertStates("pending", "hold", "running");
    startup.start();
    assertStates("running", "hold", "running");
    startup.signal("database").ready();
    startup.signal("services").ready();
    assertStates("ready", "open", "complete");
    startup.signal("database").lost(new IllegalStateException("gone"));
    assertThat(on("vestibule.phase.state", "phase", "database")).containsExactly("down");
    gate.drain();
    assertThat(on("vestibule.route.state", "route", "/chat/**")).containsExactly("refuse");
  }

  private void assertStates(String database, String chat, String whole) {
    assertThat(on("vestibule.phase.state", "phase", "database")).containsExactly(database);
    assertThat(on("vestibule.route.state", "route", "/chat/**")).containsExactly(chat);
    assertThat(on("vestibule.startup.state")).containsExactly(whole);
  }

  private List<String> on(String name, String... tags) {
    return registry.find(name).tags(tags).gauges().stream()
        .filter(gauge -> gauge.value() == 1)
        .map(gauge -> String.valueOf(gauge.getId().getTag("state")))
        .toList();
  }

  @Test
  void aPhaseThatStartupCanDoWithoutIsMarked() {
    Startup other =
        Startup.define()
            .phase("database", p -> p.signalled())
            .phase("model", p -> p.signalled().optional())
            .ticker(time)
            .scheduler(time)
            .build();
    VestibuleMetrics.bind(
        registry, other, Gate.before(other).route("/chat", r -> r.requires("database")).build());
    assertThat(gauge("vestibule.phase.optional", "phase", "database")).isZero();
    assertThat(gauge("vestibule.phase.optional", "phase", "model")).isEqualTo(1);
  }

  @Test
  void durationsGrowUntilTheEnd() {
    VestibuleMetrics.bind(registry, startup, gate);
    assertThat(phase("database")).isNaN();
    startup.start();
    time.advance(ofMillis(1_500));
    assertThat(phase("database")).isEqualTo(1.5);
    assertThat(phase("services")).isNaN();
    startup.signal("database").ready();
    time.advance(ofMillis(250));
    assertThat(phase("database")).isEqualTo(1.5);
    startup.signal("services").ready();
    time.advance(ofSeconds(9));
    assertThat(phase("services")).isEqualTo(0.25);
    assertThat(whole()).isEqualTo(1.75);
  }

  private double phase(String name) {
    return registry
        .get("vestibule.phase.duration")
        .tags("phase", name)
        .timeGauge()
        .value(TimeUnit.SECONDS);
  }

  private double whole() {
    return registry.get("vestibule.startup.duration").timeGauge().value(TimeUnit.SECONDS);
  }

  @Test
  void nothingThatAClientWritesBecomesATag() {
    VestibuleMetrics.bind(registry, startup, gate, Tags.of("gate", "front"));
    startup.start();
    for (int i = 0; i < 1_000; i++) {
      admit("/chat/" + i).leave();
      admit("/elsewhere/" + i);
    }
    assertThat(registry.find("vestibule.wait").timers()).hasSize(3 * 3);
    assertThat(waits("/**", "admitted").count()).isEqualTo(1_000);
    assertThat(registry.getMeters())
        .extracting(Meter::getId)
        .allSatisfy(id -> assertThat(id.getTags()).contains(Tag.of("gate", "front")));
  }

  @Test
  void aStartThatTakesThePlaceOfAnotherIsFollowed() {
    AtomicReference<Startup> now = new AtomicReference<>(startup);
    VestibuleMetrics.bind(registry, now::get, gate, Tags.empty());
    startup.start();
    startup.signal("database").ready();
    startup.signal("services").ready();
    assertThat(gauge("vestibule.startup.state", "state", "complete")).isEqualTo(1);

    Startup next =
        Startup.define()
            .phase("database", p -> p.signalled())
            .phase("services", p -> p.signalled().after("database"))
            .ticker(time)
            .scheduler(time)
            .build();
    now.set(next);
    gate.restart(next);
    next.start();
    time.advance(ofMillis(700));
    assertThat(gauge("vestibule.startup.state", "state", "complete")).isZero();
    assertThat(gauge("vestibule.phase.state", "phase", "database", "state", "running"))
        .isEqualTo(1);
    assertThat(gauge("vestibule.route.state", "route", "/short", "state", "hold")).isEqualTo(1);
    assertThat(whole()).isEqualTo(0.7);
  }
}
