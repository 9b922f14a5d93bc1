package dev.vestibule;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;

/**
 * Two phases, services after database, a gate, a lane and time that are turned by hand. Whatever a
 * test does, no seat may be taken and no timer left when it ends.
 */
abstract class GateScene {

  final Logs logs = Logs.capture();
  final ManualTime time = new ManualTime();
  final ManualExecutor lane = new ManualExecutor();
  final Exception boom = new IOException("boom");
  final Startup startup =
      Startup.define()
          .phase("database", p -> p.signalled())
          .phase("services", p -> p.signalled().after("database"))
          .phase("extra", p -> p.signalled().optional())
          .ticker(time)
          .scheduler(time)
          .build();
  Gate gate = gate(UnaryOperator.identity());

  /** Who came out, in order: "name admitted" or "name REASON". */
  final List<String> outcomes = new ArrayList<>();

  final List<Admission> admissions = new ArrayList<>();

  final Gate gate(UnaryOperator<GateBuilder> definition) {
    GateBuilder builder =
        Gate.before(startup)
            .route("/chat/**", r -> r.requires("services"))
            .route("/extra", r -> r.requires("extra"))
            .route("/short", r -> r.requires("services").holdAtMost(ofSeconds(5)))
            .route("/free", r -> r.requires())
            .route("/all/**", r -> r.requiresAll())
            .ticker(time)
            .scheduler(time)
            .random(new Random(7));
    gate = definition.apply(builder).build();
    return gate;
  }

  final Waiter admit(String name) {
    return admit(name, Arrival.at("/chat").on(lane));
  }

  /** Admissions are settled as opened at once. */
  final Waiter admit(String name, Arrival arrival) {
    return admit(name, arrival, Admitted::opened);
  }

  final Waiter admit(String name, Arrival arrival, Consumer<Admitted> whenAdmitted) {
    return gate.admit(
        arrival,
        admission -> {
          admissions.add(admission);
          if (admission instanceof Admitted admitted) {
            outcomes.add(name + " admitted");
            whenAdmitted.accept(admitted);
          } else if (admission instanceof Refused refused) {
            outcomes.add(name + " " + refused.reason());
          }
        });
  }

  final Refused refusal() {
    return (Refused) admissions.get(admissions.size() - 1);
  }

  final void start() {
    startup.start();
  }

  final void open() {
    startup.signal("database").ready();
    startup.signal("services").ready();
  }

  final void lose() {
    startup.signal("services").lost(boom);
  }

  final void regain() {
    startup.signal("services").regained();
  }

  /** Something that a test does is logged as an error, and this is all that is. */
  final void expectErrors(String... parts) {
    List<String> errors = logs.from(Level.SEVERE);
    assertThat(errors).hasSize(parts.length);
    for (String part : parts) {
      assertThat(errors).anySatisfy(line -> assertThat(line).contains(part));
    }
    logs.clear();
  }

  final Route chat() {
    Route route = gate.routeAt("/chat");
    assertThat(route).isNotNull();
    return java.util.Objects.requireNonNull(route);
  }

  @AfterEach
  final void nothingIsLeftBehind() {
    lane.runAll();
    logs.close();
    // Not least what a callback threw, such as an assertion that nobody would hear of.
    assertThat(logs.from(Level.SEVERE)).as("tests that expect an error say so").isEmpty();
    assertThat(gate.snapshot().waiting()).isZero();
    assertThat(gate.snapshot().inFlight()).isZero();
    assertThat(gate.snapshot().routes()).allMatch(route -> route.waiting() == 0);
    assertThat(time.pending()).isZero();
  }
}
