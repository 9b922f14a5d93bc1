package dev.vestibule.jetty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vestibule.testkit.ManualTime;
import java.time.Duration;
import org.eclipse.jetty.server.Server;
import org.junit.jupiter.api.Test;

class OpenSessionsTest {

  private final ManualTime time = new ManualTime();
  private final OpenSessions sessions = OpenSessions.of(new Server(), time);

  @Test
  void whereNoneAreOpenThereIsNothingToWaitFor() {
    assertThat(sessions.count()).isZero();
    assertThat(sessions.close(1012, "restarting", Duration.ofSeconds(10))).isCompleted();
    assertThat(time.pending()).isZero();
  }

  @Test
  void whatMayNotBeSentIsNamed() {
    assertThatThrownBy(() -> sessions.close(1006, "", Duration.ZERO))
        .hasMessage("code: 1006 (expected: one that may be sent, such as 1012)");
    assertThatThrownBy(() -> sessions.close(1012, "x".repeat(124), Duration.ZERO))
        .hasMessage("reason: 124 bytes (expected: <= 123)");
    assertThatThrownBy(() -> sessions.close(1012, "", Duration.ofSeconds(-1)))
        .hasMessage("over: PT-1S (expected: >= PT0S)");
  }
}
