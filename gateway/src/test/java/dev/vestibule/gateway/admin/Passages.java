package dev.vestibule.gateway.admin;

import dev.vestibule.Reason;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.Passage.Kind;
import dev.vestibule.gateway.Passage.Outcome;
import dev.vestibule.gateway.Passage.Side;
import java.net.InetSocketAddress;
import java.time.Duration;

/** What became of somebody. */
final class Passages {

  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.7", 50_000);

  private Passages() {}

  static Passage session(String upstream, int closeCode) {
    return new Passage(
        Kind.UPGRADE,
        Outcome.PASSED,
        CLIENT,
        "GET",
        "/chat/42",
        upstream,
        101,
        null,
        Duration.ofMillis(2_913),
        Duration.ofMillis(61_204),
        1_234,
        5_678,
        closeCode,
        Side.CLIENT,
        false);
  }

  static Passage cutMidFrame(String upstream) {
    return new Passage(
        Kind.UPGRADE,
        Outcome.PASSED,
        CLIENT,
        "GET",
        "/chat/42",
        upstream,
        101,
        null,
        Duration.ZERO,
        Duration.ofSeconds(7),
        0,
        900,
        0,
        Side.UPSTREAM,
        true);
  }

  static Passage refused(String upstream, Reason reason) {
    return new Passage(
        Kind.REQUEST,
        Outcome.REFUSED,
        CLIENT,
        "POST",
        "/orders",
        upstream,
        503,
        reason,
        Duration.ofSeconds(30),
        Duration.ofSeconds(30),
        0,
        99,
        0,
        Side.GATEWAY,
        false);
  }

  static Passage bad(String method, String path) {
    return new Passage(
        Kind.REQUEST,
        Outcome.REJECTED,
        null,
        method,
        path,
        null,
        400,
        null,
        Duration.ZERO,
        Duration.ofMillis(3),
        0,
        0,
        0,
        Side.GATEWAY,
        false);
  }
}
