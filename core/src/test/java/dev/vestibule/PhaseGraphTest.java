package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.testkit.ManualTime;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Random graphs of phases and random histories, against the design's rules written down plainly.
 */
class PhaseGraphTest {

  private static final int GRAPHS = 2_500;
  private static final int EVENTS = 25;

  private final Logs logs = Logs.capture();

  @AfterEach
  void restoreLogging() {
    logs.close();
  }

  @Test
  void behaveAsTheRulesSay() {
    Random random = new Random(42);
    Map<StartupState, Integer> ends = new HashMap<>();
    for (int graph = 0; graph < GRAPHS; graph++) {
      PhaseModel model = PhaseModel.random(random);
      StartupState end = new History(model).run(random, "graph " + graph);
      ends.merge(end, 1, Integer::sum);
      logs.clear();
    }
    // The histories must not all end the same way, or they prove little.
    assertThat(ends).containsOnlyKeys(StartupState.values());
    assertThat(ends.values()).allMatch(count -> count > 20);
  }

  /** One startup and its model, told the same things. */
  private static final class History {
    private final PhaseModel model;
    private final ManualTime time = new ManualTime();
    private final Startup startup;
    private final Gate gate;
    private final Map<String, PhaseState> heard = new HashMap<>();
    private final List<String> done = new ArrayList<>();
    private StartupState startupHeard = StartupState.RUNNING;
    private long version;

    History(PhaseModel model) {
      this.model = model;
      StartupBuilder definition = Startup.define().ticker(time).scheduler(time);
      for (PhaseModel.Phase phase : model.phases) {
        definition.phase(phase.name, p -> define(phase, p));
        heard.put(phase.name, PhaseState.PENDING);
      }
      startup = definition.build();
      gate =
          Gate.before(startup)
              .route("/some", r -> r.requires(model.required.toArray(String[]::new)))
              .route("/all", r -> r.requiresAll())
              .ticker(time)
              .scheduler(time)
              .build();
      startup.listen(this::hear);
    }

    private static void define(PhaseModel.Phase phase, PhaseBuilder definition) {
      definition.signalled().after(phase.after.toArray(String[]::new));
      if (phase.optional) {
        definition.optional();
      }
      if (phase.timeout > 0) {
        definition.timeout(Duration.ofSeconds(phase.timeout));
      }
    }

    private void hear(StartupEvent event) {
      assertThat(event.snapshot().version()).isEqualTo(++version);
      if (event instanceof StartupEvent.PhaseChanged changed) {
        assertThat(heard.put(changed.phase(), changed.to())).isEqualTo(changed.from());
      } else if (event instanceof StartupEvent.StartupChanged changed) {
        assertThat(startupHeard).isEqualTo(changed.from());
        startupHeard = changed.to();
      }
    }

    StartupState run(Random random, String name) {
      boolean started = false;
      for (int i = 0; i < EVENTS; i++) {
        PhaseModel.Phase phase = model.phases.get(random.nextInt(model.phases.size()));
        int event = random.nextInt(100);
        if (!started && (event < 30 || i == 5)) {
          started = true;
          done.add("start");
          startup.start();
          model.start();
        } else {
          happen(event, phase);
        }
        compare(name);
      }
      return model.startup;
    }

    private void happen(int event, PhaseModel.Phase phase) {
      Signal signal = startup.signal(phase.name);
      if (event < 55) {
        done.add(phase.name + " ready");
        signal.ready();
        model.ready(phase);
      } else if (event < 62) {
        done.add(phase.name + " failed");
        signal.failed(new IOException("boom"));
        model.failed(phase);
      } else if (event < 74) {
        done.add(phase.name + " lost");
        signal.lost(new IOException("boom"));
        model.lost(phase);
      } else if (event < 84) {
        done.add(phase.name + " regained");
        signal.regained();
        model.regained(phase);
      } else if (event < 99) {
        done.add("second");
        time.advance(Duration.ofSeconds(1));
        model.second();
      } else {
        done.add("close");
        startup.close();
        model.close();
      }
    }

    private void compare(String name) {
      StartupSnapshot now = startup.snapshot();
      for (PhaseModel.Phase phase : model.phases) {
        assertThat(now.phase(phase.name).state())
            .as(() -> name + ", " + phase.name + " after " + done + " in " + model.phases)
            .isEqualTo(phase.state)
            .isEqualTo(heard.get(phase.name));
      }
      assertThat(now.state())
          .as(() -> name + " after " + done + " in " + model.phases)
          .isEqualTo(model.startup)
          .isEqualTo(startupHeard);
      assertThat(stateAt("/some"))
          .as(() -> name + ", a route that requires " + model.required + " after " + done)
          .isEqualTo(model.route(model.required));
      assertThat(stateAt("/all"))
          .as(() -> name + ", a route that requires all after " + done)
          .isEqualTo(model.route(List.of()));
    }

    private RouteState stateAt(String path) {
      Route route = gate.routeAt(path);
      return java.util.Objects.requireNonNull(route).state();
    }
  }
}
