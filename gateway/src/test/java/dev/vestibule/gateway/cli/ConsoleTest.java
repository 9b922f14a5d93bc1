package dev.vestibule.gateway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vestibule.Arrival;
import dev.vestibule.Waiter;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.config.Limits;
import dev.vestibule.gateway.config.ReadinessSettings;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.config.UpstreamSettings;
import dev.vestibule.gateway.upstream.PushedState;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.testkit.ManualTime;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class ConsoleTest {

  private static final InetSocketAddress INNER =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 40_123);

  private static final Executor LANE = Runnable::run;

  private final ManualTime time = new ManualTime();
  private final List<String> lines = new ArrayList<>();
  private final List<RouteSettings> routes = new ArrayList<>();
  private final Limits limits = Limits.DEFAULTS;

  private Console console(String... upstreams) {
    for (String upstream : upstreams) {
      String path = upstreams.length == 1 ? "/**" : "/" + upstream;
      routes.add(new RouteSettings(path, upstream, RouteSettings.Holds.ALL, null, Set.of()));
    }
    Console console = new Console(false, routes, time, time, lines::add);
    console.opened(new InetSocketAddress(8080));
    return console;
  }

  private Upstream upstream(Console console, String name, ReadinessSettings readiness) {
    List<RouteSettings> its = routes.stream().filter(it -> it.upstream().equals(name)).toList();
    UpstreamSettings settings =
        new UpstreamSettings(
            name,
            INNER,
            readiness,
            null,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            UpstreamSettings.PACE);
    Upstream upstream = new Upstream(settings, its, limits, time, time, console);
    upstream.listen(console);
    return upstream;
  }

  private Upstream upstream(Console console) {
    return upstream(console, "server", new ReadinessSettings.Tcp());
  }

  private List<Waiter> come(Upstream upstream, String path, int clients) {
    List<Waiter> waiters = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      waiters.add(upstream.gate().admit(Arrival.at(path).on(LANE), admission -> {}));
    }
    return waiters;
  }

  private void pass(long millis) {
    time.advance(Duration.ofMillis(millis));
  }

  private List<String> said() {
    List<String> said = lines.stream().map(line -> line.replace("vestibule | ", "")).toList();
    lines.clear();
    return said;
  }

  @Test
  void aStartInFourLines() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    come(upstream, "/chat", 3);
    pass(2_900);
    upstream.ready(upstream.startup());
    pass(1_000);

    assertThat(lines)
        .containsExactly(
            "vestibule | holding :8080",
            "vestibule | 3 waiting",
            "vestibule | ready after 2.9 s",
            "vestibule | 3 admitted, last +0.0 ms");
  }

  @Test
  void whoComesOneByOneIsToldEverLessOften() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    for (int i = 0; i < 2_000; i++) {
      come(upstream, "/chat", 1);
      pass(10);
    }
    List<String> said = said();
    assertThat(said).hasSizeBetween(10, 30).startsWith("holding :8080", "10 waiting");
    // However long it took: never more than two seconds old.
    pass(2_100);
    assertThat(said()).containsExactly("2000 waiting");
    pass(60_000);
    assertThat(said())
        .allMatch(line -> line.contains("refused (BUDGET_SPENT)") || line.contains("waiting"));
  }

  @Test
  void theLastIsToldAsLateAsItCameIn() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    List<Runnable> lane = new ArrayList<>();
    upstream.start();
    upstream.gate().admit(Arrival.at("/").on(lane::add), admission -> {});
    pass(500);
    upstream.ready(upstream.startup());
    pass(7);
    List.copyOf(lane).forEach(Runnable::run);
    pass(1_000);
    assertThat(said())
        .containsExactly(
            "holding :8080", "1 waiting", "ready after 500 ms", "1 admitted, last +7.0 ms");
  }

  @Test
  void whoFindsItOpenIsNotToldOf() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    upstream.ready(upstream.startup());
    pass(1_000);
    come(upstream, "/", 50);
    pass(1_000);
    assertThat(said()).containsExactly("holding :8080", "ready after 0.0 ms");
  }

  @Test
  void aChildThatDiesAndComesBack() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.starts(INNER);
    console.started(4711, INNER);
    upstream.ready(upstream.startup());
    pass(12_000);
    console.exited(137, Duration.ofSeconds(12), Duration.ofMillis(100));
    upstream.gone(new IllegalStateException("gone"));
    for (int i = 0; i < 3; i++) {
      console.ended(session(1012, Passage.Side.GATEWAY, false));
    }
    console.ended(session(0, Passage.Side.UPSTREAM, true));
    console.ended(session(1000, Passage.Side.CLIENT, false));
    pass(100);
    upstream.starts(INNER);
    console.started(4712, INNER);
    pass(900);
    upstream.ready(upstream.startup());
    pass(1_000);
    assertThat(said())
        .containsExactly(
            "holding :8080",
            "started pid 4711, PORT=40123",
            "ready after 0.0 ms",
            "exit code 137 (SIGKILL) after 12.0 s, starts again in 100 ms",
            "holding :8080",
            "3 sessions told 1012, 1 session cut within a frame",
            "started pid 4712, PORT=40123",
            "ready after 900 ms");
  }

  @Test
  void aChildThatIsGivenUp() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.starts(INNER);
    come(upstream, "/", 2);
    console.exited(1, Duration.ofMillis(30), null);
    console.gaveUp(1, "it failed 6 times in a row");
    upstream.gaveUp(new IllegalStateException("it ended with code 1"));
    come(upstream, "/", 3);
    pass(1_000);
    // What follows from it need not be said: the process ends.
    assertThat(said())
        .containsExactly(
            "holding :8080",
            "exit code 1 after 30 ms",
            "given up: it failed 6 times in a row; exit code 1");
  }

  @Test
  void aServerBehindThatFailedForGood() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    come(upstream, "/", 2);
    upstream.gaveUp(new IllegalStateException("no database"));
    come(upstream, "/", 3);
    pass(1_000);
    assertThat(said())
        .containsExactly(
            "holding :8080", "refusing: server, no database", "5 refused (STARTUP_FAILED)");
  }

  @Test
  void anEndThatWasAskedForIsQuiet() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.starts(INNER);
    console.started(4711, INNER);
    upstream.ready(upstream.startup());
    pass(1_000);
    console.drains(2, false);
    console.exited(143, Duration.ofSeconds(4), null);
    upstream.gone(new IllegalStateException("gone"));
    upstream.gaveUp(new IllegalStateException("it ended with code 143"));
    console.ended(session(1012, Passage.Side.GATEWAY, false));
    pass(1_000);
    assertThat(said())
        .containsExactly(
            "holding :8080",
            "started pid 4711, PORT=40123",
            "ready after 0.0 ms",
            "draining, 2 sessions to close",
            "exit code 143 (SIGTERM) after 4.0 s");
  }

  @Test
  void whoMayPressAgainIsToldWhatThatDoes() {
    Console console = console("server");
    console.drains(0, true);
    assertThat(said()).containsExactly("draining (Ctrl-C again: ends now)");
  }

  @Test
  void aServerThatListensElsewhereIsToldHow() {
    Console console = console("server");
    console.listensElsewhere("8000", 40_123);
    console.listensElsewhere("8000, 8001", 40_123);
    assertThat(said())
        .containsExactly(
            "the server listens on 8000 (expected: its PORT, 40123, or --inner-port 8000)",
            "the server listens on 8000, 8001 (expected: its PORT, 40123)");
  }

  @Test
  void anEndWithoutFailureIsExplained() {
    Console console = console("server");
    console.exited(0, Duration.ofMillis(28), null);
    assertThat(said()).containsExactly("exit code 0 after 28 ms: the end, since it did not fail");
  }

  private static Passage session(int code, Passage.Side closedBy, boolean midFrame) {
    return new Passage(
        Passage.Kind.UPGRADE,
        Passage.Outcome.PASSED,
        null,
        "GET",
        "/",
        "server",
        101,
        null,
        Duration.ZERO,
        Duration.ofSeconds(1),
        0,
        0,
        code,
        closedBy,
        midFrame);
  }

  @Test
  void manyRefusalsAreFewLines() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.starts(INNER);
    upstream.gaveUp(new IllegalStateException("broken"));
    said();
    for (int i = 0; i < 1_000; i++) {
      come(upstream, "/", 1);
      pass(10);
    }
    assertThat(said()).hasSizeBetween(2, 8);
  }

  @Test
  void whoLeavesIsTold() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    List<Waiter> waiters = come(upstream, "/", 4);
    pass(150);
    waiters.subList(0, 3).forEach(Waiter::leave);
    pass(1_000);
    assertThat(said()).containsExactly("holding :8080", "4 waiting", "1 waiting", "3 left");
  }

  @Test
  void severalAreToldApart() {
    Console console = console("chat", "api");
    Upstream chat = upstream(console, "chat", new ReadinessSettings.Tcp());
    Upstream api = upstream(console, "api", new ReadinessSettings.Tcp());
    chat.start();
    api.start();
    come(chat, "/chat", 2);
    pass(300);
    chat.ready(chat.startup());
    pass(1_000);
    assertThat(said())
        .containsExactly(
            "chat: holding :8080",
            "api: holding :8080",
            "chat: 2 waiting",
            "chat: ready after 300 ms",
            "chat: 2 admitted, last +0.0 ms");
  }

  @Test
  void aPhaseThatIsDownIsNamed() {
    Console console = console("server");
    Upstream upstream =
        upstream(console, "server", new ReadinessSettings.Pushed(List.of("database", "cache")));
    upstream.start();
    Throwable cause = new IllegalStateException("pushed");
    upstream.push("database", PushedState.READY, cause);
    upstream.push("cache", PushedState.READY, cause);
    pass(5_000);
    upstream.push("cache", PushedState.DOWN, cause);
    pass(2_000);
    upstream.push("cache", PushedState.READY, cause);
    assertThat(said())
        .containsExactly(
            "holding :8080",
            "ready after 0.0 ms",
            "holding :8080, since cache is down",
            "ready after 2.0 s");
  }

  @Test
  void nothingIsLeftRunningOnceItIsOpen() {
    Console console = console("server");
    Upstream upstream = upstream(console);
    upstream.start();
    pass(300);
    upstream.ready(upstream.startup());
    pass(3_000);
    assertThat(time.pending()).isZero();
  }
}
