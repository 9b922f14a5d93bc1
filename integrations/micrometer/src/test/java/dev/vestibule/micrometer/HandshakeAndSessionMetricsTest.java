package dev.vestibule.micrometer;

import static java.time.Duration.ofMillis;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Gate;
import dev.vestibule.HandshakeOutcome;
import dev.vestibule.Startup;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandshakeAndSessionMetricsTest {

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final Startup startup = Startup.define().phase("x", p -> p.signalled()).build();
  private final Gate gate = Gate.before(startup).route("/chat", r -> r.requiresAll()).build();

  private Timer connects(String outcome) {
    return registry.get("vestibule.connect").tags("route", "/chat", "outcome", outcome).timer();
  }

  @Test
  void aHandshakeIsMeasuredByWhatBecameOfIt() {
    HandshakeMetrics handshakes = HandshakeMetrics.bind(registry, gate);
    assertThat(registry.find("vestibule.connect").timers()).hasSize(4);
    handshakes.answered("/chat", HandshakeOutcome.OPENED, ofMillis(3));
    handshakes.answered("/chat", HandshakeOutcome.REFUSED, ofMillis(5));
    handshakes.answered("/chat", HandshakeOutcome.REJECTED, ofMillis(7));
    handshakes.answered("/chat", HandshakeOutcome.REJECTED, ofMillis(7));
    handshakes.answered("/chat", HandshakeOutcome.LEFT, ofMillis(9));
    assertThat(connects("opened").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
    assertThat(connects("refused").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(5);
    assertThat(connects("rejected").count()).isEqualTo(2);
    assertThat(connects("left").totalTime(TimeUnit.MILLISECONDS)).isEqualTo(9);
  }

  @Test
  void sessionsAreCountedAndTheirClosesByCode() {
    AtomicInteger open = new AtomicInteger(7);
    SessionMetrics sessions = SessionMetrics.bind(registry, open::get);
    assertThat(registry.get("vestibule.sessions").gauge().value()).isEqualTo(7);
    assertThat(closes("1011")).isZero();
    sessions.closed(1011);
    sessions.closed(1012);
    sessions.closed(1012);
    assertThat(closes("1011")).isEqualTo(1);
    assertThat(closes("1012")).isEqualTo(2);
  }

  @Test
  void noClientCanMakeManySeries() {
    SessionMetrics sessions = SessionMetrics.bind(registry, () -> 0);
    for (int code = 0; code < 70_000; code++) {
      sessions.closed(code);
    }
    // 1000 to 1015, 3xxx, 4xxx and the rest.
    assertThat(registry.find("vestibule.closes").counters()).hasSize(19);
    assertThat(closes("4xxx")).isEqualTo(1_000);
    assertThat(closes("other")).isEqualTo(70_000 - 16 - 2_000);
  }

  private double closes(String code) {
    return registry.get("vestibule.closes").tags("code", code).counter().count();
  }
}
