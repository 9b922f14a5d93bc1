package dev.vestibule.chat.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.PhaseState;
import org.junit.jupiter.api.Test;

/** A model that is down, and how it comes back. */
class ModelBreakerTest extends ModelScene {

  @Test
  void errorsOpenTheBreakerAndAProbeClosesIt() throws Exception {
    server.otherwise(ModelScene::fail);
    askInVain("How long did each startup phase take?");

    assertThat(phase()).isEqualTo(PhaseState.DOWN);
    assertThat(ear.text())
        .startsWith(
            "**The model is down**: it reported an error. It is asked again by itself. The built-in"
                + " guide answers in its place.\n\n")
        .contains("| services |");
    assertThat(startup.snapshot().phase("services").state()).isEqualTo(PhaseState.READY);

    // Not even asked.
    ask("Hello again");
    assertThat(server.played).hasSize(3);
    assertThat(ear.text()).startsWith("**The model is down**: it reported an error.");

    // A probe that fails leaves it down.
    time.advance(Model.LEFT_ALONE.plusMillis(1));
    assertThat(server.played).hasSize(4);
    assertThat(phase()).isEqualTo(PhaseState.DOWN);

    server.otherwise(ModelScene::talk);
    time.advance(Model.LEFT_ALONE.plusMillis(1));
    assertThat(server.played).hasSize(5);
    assertThat(phase()).isEqualTo(PhaseState.READY);
    ask("And now?");
    assertThat(ear.text()).isEqualTo("Good evening.");
    assertThat(log.toString()).doesNotContain("\tat ").contains("******");
  }
}
