package dev.vestibule.chat;

import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.Startup;
import dev.vestibule.StartupEvent;
import dev.vestibule.StartupState;
import dev.vestibule.chat.model.ModelSettings;
import dev.vestibule.chat.signin.Users;
import dev.vestibule.environment.EffectiveSettings;
import java.io.PrintStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What somebody at a terminal is told: where it listens, how to sign in, and how it starts. */
final class Welcome {

  private final PrintStream out;
  private final Startup startup;

  Welcome(PrintStream out, Startup startup) {
    this.out = out;
    this.startup = startup;
  }

  static String userOfThisMachine() {
    String name = System.getProperty("user.name", "");
    return Users.isName(name) ? name : "guest";
  }

  static String url(Settings settings, int port) {
    return "http://" + host(settings.address()) + ":" + port;
  }

  /** An address as a URL has it, RFC 3986 section 3.2.2. */
  static String host(InetAddress address) {
    String host = address.getHostAddress();
    return host.contains(":") ? "[" + host + "]" : host;
  }

  void greet(Settings settings, int port, @Nullable String token) {
    String url = url(settings, port);
    out.println();
    out.println("  Vestibule chat at " + url + "/");
    Integer adminPort = settings.adminPort();
    if (adminPort != null && adminPort != 0) {
      out.println("  Admin side at http://127.0.0.1:" + adminPort + "/startupz");
    }
    ModelSettings model = settings.model();
    if (model != null) {
      out.println("  Answers come from " + model.name() + " at " + model.url());
    }
    if (token != null) {
      out.println();
      out.println("  Sign in, once and within ten minutes:");
      out.println("  " + url + "/#sign-in=" + token);
    }
    out.println();
    unusual(settings.surroundings());
  }

  /** Only what somebody chose: who chose nothing knows. */
  private void unusual(Surroundings surroundings) {
    boolean any = false;
    for (EffectiveSettings.Setting it : surroundings.chosen()) {
      if (!it.source().equals("default")) {
        out.println("  %s = %s  (%s)".formatted(it.key(), it.value(), it.source()));
        any = true;
      }
    }
    if (any) {
      out.println();
    }
  }

  void changed(StartupEvent event) {
    switch (event) {
      case StartupEvent.PhaseChanged changed -> phase(event, changed);
      case StartupEvent.StartupChanged changed -> ended(changed.to(), event.snapshot().elapsed());
    }
  }

  private void phase(StartupEvent event, StartupEvent.PhaseChanged changed) {
    if (!changed.to().isSettled() || changed.to() == PhaseState.CANCELLED) {
      return;
    }
    PhaseSnapshot phase = event.snapshot().phase(changed.phase());
    Duration began = phase.startedAt();
    Duration ended = phase.endedAt();
    String took = began == null || ended == null ? "" : seconds(ended.minus(began), 2) + " s";
    String state =
        changed.to() == PhaseState.READY ? "" : "  " + changed.to().name().toLowerCase(Locale.ROOT);
    out.println("  %-14s %8s%s".formatted(changed.phase(), took, state));
  }

  /**
   * Counted from the start of startup: the process may have begun as a launcher that built first.
   */
  private void ended(StartupState state, Duration elapsed) {
    switch (state) {
      case COMPLETE -> out.println("\n  ready in " + seconds(elapsed, 1) + " s\n");
      case DEGRADED -> out.println("\n  ready, degraded, in " + seconds(elapsed, 1) + " s\n");
      case FAILED ->
          startup.snapshot().failure().ifPresent(failure -> out.println("\n  " + failure + "\n"));
      case RUNNING, CLOSED -> {}
    }
  }

  private static String seconds(Duration duration, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", duration.toNanos() / 1e9);
  }
}
