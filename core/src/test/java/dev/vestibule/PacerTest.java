package dev.vestibule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The two moments in which a permit could be lost, brought about on purpose. */
class PacerTest extends GateScene {

  /** One permit, which somebody gives back right after the first look for it. */
  private static final class GivenBackMeanwhile implements Permits {
    private @Nullable Pacer pacer;
    private boolean looked;
    private boolean free;

    @Override
    public boolean take() {
      if (!looked) {
        looked = true;
        if (pacer != null) {
          pacer.settled();
        }
        return false;
      }
      boolean taken = free;
      free = false;
      return taken;
    }

    @Override
    public void unused() {
      free = true;
    }

    @Override
    public void settled() {
      free = true;
    }

    @Override
    public @Nullable Duration untilNext() {
      return free ? Duration.ZERO : null;
    }
  }

  @Test
  void aPermitThatComesBackBeforeTheLineQueuesIsSeen() {
    GivenBackMeanwhile permits = new GivenBackMeanwhile();
    Pacer pacer = new Pacer(permits, time);
    permits.pacer = pacer;
    assertThat(pacer.take(chat().line(lane))).isTrue();
  }

  @Test
  void aPermitForSomebodyWhoHasAnOutcomeAlreadyIsHandedBack() {
    gate(g -> g.pace(Pace.inFlight(1)));
    Waiter gone = admit("gone");
    admit("stays");
    start();
    open();
    // The line has taken the permit and the waiter; then the waiter leaves; then it is decided.
    assertThat(gate.pacer().take()).isTrue();
    gone.leave();
    gone.decideWithPermit(chat().standing());
    lane.runAll();
    assertThat(outcomes).containsExactly("stays admitted");
  }
}
