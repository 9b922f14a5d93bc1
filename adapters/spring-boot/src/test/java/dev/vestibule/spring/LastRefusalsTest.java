package dev.vestibule.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Bound;
import dev.vestibule.Reason;
import dev.vestibule.WaitEnded;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LastRefusalsTest {

  private final LastRefusals refusals =
      new LastRefusals(() -> Instant.parse("2026-01-02T03:04:05Z"));

  private static WaitEnded wait(WaitEnded.Outcome outcome, @Nullable Reason reason, long millis) {
    Duration waited = Duration.ofMillis(millis);
    return new WaitEnded("/chat", outcome, reason, null, null, waited, Bound.GATE, waited);
  }

  @Test
  void remembersTheLastFiftyTheNewestFirst() {
    for (int i = 0; i < 120; i++) {
      refusals.ended(wait(WaitEnded.Outcome.REFUSED, Reason.FULL, i));
    }
    assertThat(refusals.newestFirst()).hasSize(LastRefusals.MOST);
    assertThat(refusals.newestFirst().get(0).how().waited()).hasMillis(119);
    assertThat(refusals.newestFirst().get(49).how().waited()).hasMillis(70);
    assertThat(refusals.newestFirst().get(0).at()).isEqualTo("2026-01-02T03:04:05Z");
  }

  @Test
  void whoWasLetInOrLeftIsNoRefusal() {
    refusals.ended(wait(WaitEnded.Outcome.ADMITTED, null, 1));
    refusals.ended(wait(WaitEnded.Outcome.LEFT, null, 1));
    assertThat(refusals.newestFirst()).isEmpty();
  }
}
