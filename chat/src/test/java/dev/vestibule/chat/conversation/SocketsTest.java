package dev.vestibule.chat.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Which pages are closed, and with what. */
class SocketsTest extends RunsScene {

  @Test
  void aPageThatDoesNotReadIsClosedAndTheRunGoesOn() {
    RecordingWire deaf = new RecordingWire(false);
    sockets.opened(session("ada", "3"), deaf);
    assistant =
        (question, listener) -> {
          for (int i = 0; i < 5_000; i++) {
            listener.delta("word ");
          }
        };
    runs.heard(socket, frame(id(1), "null", "hello"));
    runAll();

    assertThat(deaf.closes).containsExactly(1013);
    assertThat(page.closes).isEmpty();
    assertThat(page.first("agent_completed").get("detail").get("text").stringValue())
        .hasSize(25_000);
  }

  @Test
  void signingOutClosesTheSocketsOfThatSignInAlone() {
    RecordingWire other = new RecordingWire(true);
    sockets.opened(session("ada", "3"), other);
    sockets.signOut(session("ada", "1"));

    assertThat(page.closes).containsExactly(4401);
    assertThat(other.closes).isEmpty();
  }

  @Test
  void aSocketOfARevokedSessionIsClosedWhenItOpens() {
    house.revocations.revoke(session("ada", "4"));
    RecordingWire late = new RecordingWire(true);
    sockets.opened(session("ada", "4"), late);

    assertThat(late.closes).containsExactly(4401);
    assertThat(late.frames).isEmpty();
  }
}
