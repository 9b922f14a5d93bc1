package dev.vestibule.jetty;

import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.Bound;
import dev.vestibule.Gate;
import dev.vestibule.Startup;
import dev.vestibule.WaiterSnapshot;
import dev.vestibule.testkit.ManualTime;
import dev.vestibule.testkit.RawClient;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What limits a request's time: its client, its library, a hop in front. */
class WaitLimitsTest {

  private static final String OKHTTP = "User-Agent: okhttp/5.3.0";

  private final ManualTime time = new ManualTime();
  private final Startup startup =
      Startup.define().phase("services", p -> p.signalled()).ticker(time).scheduler(time).build();
  private final Gate gate =
      Gate.before(startup).route("/**", r -> r.requiresAll()).ticker(time).scheduler(time).build();

  /** One entry for each request that has been through the screening, and is held next. */
  private final BlockingQueue<Boolean> screened = new LinkedBlockingQueue<>();

  private JettyServer jetty;

  WaitLimitsTest() throws Exception {
    jetty = start(handler -> handler);
  }

  private JettyServer start(UnaryOperator<GateHandler.Builder> definition) throws Exception {
    GateHandler.Builder handler =
        JettyServer.gate(gate)
            .screening(request -> {
              screened.add(true);
              return null;
            });
    return new JettyServer(definition.apply(handler), JettyServer.Echo.JETTY, false).start();
  }

  private void restart(UnaryOperator<GateHandler.Builder> definition) throws Exception {
    jetty.stop();
    jetty = start(definition);
  }

  @AfterEach
  void stop() throws Exception {
    startup.close();
    jetty.stop();
  }

  /** Holds one request, looks at it, and lets its client go. */
  private WaiterSnapshot held(String path, String... headers) throws Exception {
    try (RawClient client = RawClient.connect(jetty.port())) {
      client.send(RawClient.handshake(path, headers));
      assertThat(screened.poll(10, TimeUnit.SECONDS)).isTrue();
      // Its seat is counted before it can be seen.
      while (gate.waiters(1).isEmpty()) {
        Thread.onSpinWait();
      }
      return gate.waiters(1).get(0);
    } finally {
      while (gate.snapshot().waiting() > 0) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void theClientsOwnTimeInAHeaderOrInTheQuery() throws Exception {
    WaiterSnapshot header = held("/echo", "Prefer: wait=7");
    assertThat(header.bound()).isEqualTo(Bound.CLIENT);
    assertThat(header.left()).isEqualTo(ofSeconds(7));
    assertThat(held("/echo?vestibule-wait=2.5").left()).isEqualTo(ofMillis(2_500));
    assertThat(held("/echo?vestibule-wait=9", "Prefer: wait=7").left()).isEqualTo(ofSeconds(7));
  }

  @Test
  void preferencesMayBeOnSeveralLines() throws Exception {
    assertThat(held("/echo", "Prefer: respond-async", "Prefer: wait=7").left())
        .isEqualTo(ofSeconds(7));
    assertThat(held("/echo", "Prefer: wait=7", "Prefer: wait=2").left()).isEqualTo(ofSeconds(7));
  }

  @Test
  void nobodyLengthensTheTimeOfTheRoute() throws Exception {
    WaiterSnapshot held = held("/echo?vestibule-wait=31");
    assertThat(held.bound()).isEqualTo(Bound.GATE);
    assertThat(held.left()).isEqualTo(ofSeconds(30));
  }

  @Test
  void aLibraryThatGivesUpHearsWhyBeforeItDoes() throws Exception {
    WaiterSnapshot held = held("/echo", OKHTTP);
    assertThat(held.bound()).isEqualTo(Bound.LIBRARY);
    assertThat(held.left()).isEqualTo(ofMillis(9_500));
    restart(handler -> handler.clientProfiles(false));
    assertThat(held("/echo", OKHTTP).bound()).isEqualTo(Bound.GATE);
  }

  @Test
  void aHopThatCutsIsAnsweredBeforeItDoes() throws Exception {
    restart(handler -> handler.hopLimit(ofSeconds(20)));
    WaiterSnapshot held = held("/echo");
    assertThat(held.bound()).isEqualTo(Bound.HOP);
    assertThat(held.left()).isEqualTo(ofMillis(19_500));
    assertThat(held("/echo", OKHTTP).bound()).isEqualTo(Bound.LIBRARY);
  }

  @Test
  void aTimeThatMakesNoSenseIsNamed() throws Exception {
    try (RawClient client = RawClient.connect(jetty.port())) {
      client.send(RawClient.handshake("/echo?vestibule-wait=soon"));
      RawClient.Answer answer = client.read();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body())
          .contains("vestibule-wait: soon (expected: seconds, 0 to 99999, such as 2.5)");
    }
  }

  @Test
  void aHopLimitOutOfRangeIsRefused() {
    assertThatThrownBy(() -> GateHandler.before(gate).hopLimit(ofMillis(999)))
        .hasMessage("hopLimit: PT0.999S (expected: >= PT1S)");
  }
}
