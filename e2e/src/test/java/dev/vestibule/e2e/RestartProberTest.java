package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Twenty restarts by kill -9, while somebody knocks fifty times a second. */
class RestartProberTest {

  private static final int RESTARTS = 20;
  private static final int PER_SECOND = 50;

  /** Few, so that each start is killed while others that waited for it are still coming in. */
  private static final int ECHOED_BETWEEN = 25;

  /** A session that the kill cuts in the middle of a frame cannot be told anything (docs). */
  private static final String CUT = "lost in a frame";

  @Test
  void everyoneIsLetInOrToldTheTruth() throws Exception {
    try (GatewayProcess gateway =
        GatewayProcess.running(
            SlowServer.NODE.command(0),
            "--restart=" + 2 * RESTARTS,
            // Doubled with each: after 13 it is five seconds, the most.
            "--restart-delay=1ms")) {
      Prober prober = new Prober(gateway.port(), PER_SECOND);
      try (prober) {
        for (int start = 1; start <= RESTARTS; start++) {
          prober.awaitEchoed(ECHOED_BETWEEN);
          gateway.awaitServer(start).process().destroyForcibly();
        }
        gateway.awaitServer(RESTARTS + 1);
        prober.awaitEchoed(ECHOED_BETWEEN);
      }
      Map<String, Integer> counts = prober.counts();
      System.out.println(RESTARTS + " restarts, " + PER_SECOND + " probes a second: " + counts);
      assertThat(counts.keySet())
          .allMatch(outcome ->
              outcome.equals("echoed")
                  || outcome.equals("closed 1012")
                  || outcome.startsWith("answered 503 (")
                  || outcome.equals(CUT));
      assertThat(gateway.process().isAlive()).isTrue();
    }
  }
}
