package dev.vestibule.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A server that is there and says nothing: stopped, or behind a network that loses everything. */
class FaultTest {

  private static final String ANSWER_TIMEOUT = "--answer-timeout=1s";

  @Test
  void whoAsksAStoppedServerIsTold504AndASessionOutlastsTheStop() throws Exception {
    try (RunningProcess server = SlowServer.NODE.start();
        GatewayProcess gateway = GatewayProcess.before(SlowServer.port(server), ANSWER_TIMEOUT);
        Crowd inside = new Crowd(gateway.port());
        Crowd outside = new Crowd(gateway.port())) {
      inside.come(1);
      inside.await("open", 1);

      signal("STOP", server);
      inside.talk();
      // The kernel accepts for it.
      outside.come(20);
      outside.await("answered 504", 20);
      assertThat(inside.count("echoed")).isZero();

      signal("CONT", server);
      inside.await("echoed", 1);
      outside.come(1);
      outside.await("open", 1);
      assertThat(outside.counts()).containsOnlyKeys("connected", "answered 504", "open");
      assertThat(inside.counts()).containsOnlyKeys("connected", "open", "echoed");
    }
  }

  @Test
  void whoKnocksWhileTheNetworkLosesEverythingWaitsAndIsLetInWhenItIsBack() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "only root may make a network");
    try (FarServer server = FarServer.start();
        GatewayProcess gateway =
            GatewayProcess.before(server.address(), "--connect-timeout=300ms", ANSWER_TIMEOUT);
        Crowd inside = new Crowd(gateway.port());
        Crowd outside = new Crowd(gateway.port())) {
      inside.come(1);
      inside.await("open", 1);

      server.loseEverything();
      inside.talk();
      outside.come(20);
      gateway.process().await("20 waiting");
      assertThat(inside.count("echoed")).isZero();

      server.loseNothing();
      outside.await("open", 20);
      inside.await("echoed", 1);
      assertThat(outside.counts()).containsOnlyKeys("connected", "open");
      assertThat(inside.counts()).containsOnlyKeys("connected", "open", "echoed");
    }
  }

  private static void signal(String name, RunningProcess process)
      throws IOException, InterruptedException {
    FarServer.command("kill", "-" + name, Long.toString(process.pid()));
  }
}
