package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.e2e.SlowServer.Listening;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What it is all for: a thousand come before the server listens, and again when it was killed. */
class EarlyThousandTest {

  private static final int CLIENTS = 1_000;
  private static final double SECONDS = 3;

  @ParameterizedTest
  @EnumSource
  void allAreLetInAndComeBackAfterKill9(SlowServer server) throws Exception {
    try (GatewayProcess gateway = GatewayProcess.running(server.command(SECONDS));
        Crowd crowd = new Crowd(gateway.port())) {
      crowd.come(CLIENTS);
      crowd.await("connected", CLIENTS);
      assertThat(gateway.process().count(SlowServer.LISTENS)).as("came early").isZero();

      crowd.await("open", CLIENTS);
      Listening first = gateway.awaitServer(1);
      tell(server, "came early", crowd, first);
      assertThat(crowd.counts()).isEqualTo(Map.of("connected", CLIENTS, "open", CLIENTS));

      crowd.comeBack();
      crowd.talk();
      crowd.await("echoed", 5 * CLIENTS);
      first.process().destroyForcibly();

      crowd.await("closed 1012", CLIENTS);
      crowd.await("open", 2 * CLIENTS);
      tell(server, "came back", crowd, gateway.awaitServer(2));
      crowd.await("echoed", crowd.count("echoed") + CLIENTS);
      assertThat(crowd.counts())
          .containsOnlyKeys("connected", "open", "echoed", "closed 1012")
          .containsEntry("closed 1012", CLIENTS)
          .containsEntry("open", 2 * CLIENTS);
    }
  }

  private static void tell(SlowServer server, String who, Crowd crowd, Listening listening) {
    System.out.printf(
        "%s: %d %s; the last was open %d ms after it began to listen%n",
        server, CLIENTS, who, crowd.lastMillis("open") - listening.sinceMillis());
  }
}
