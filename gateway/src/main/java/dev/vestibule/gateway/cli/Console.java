package dev.vestibule.gateway.cli;

import dev.vestibule.GateListener;
import dev.vestibule.Scheduler;
import dev.vestibule.Startup;
import dev.vestibule.Ticker;
import dev.vestibule.WaitEnded;
import dev.vestibule.gateway.Passage;
import dev.vestibule.gateway.PassageListener;
import dev.vestibule.gateway.child.ChildListener;
import dev.vestibule.gateway.config.Addresses;
import dev.vestibule.gateway.config.RouteSettings;
import dev.vestibule.gateway.upstream.Upstream;
import dev.vestibule.gateway.upstream.UpstreamListener;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a person at a terminal is told: a line for each change, {@code holding :8080}, {@code 3
 * waiting}, {@code ready after 2.9 s}, {@code 3 admitted, last +0.8 ms}. Not a line for each
 * client. Whole lines, since the server's own stand between them. Safe for use by many threads.
 */
final class Console implements UpstreamListener, GateListener, PassageListener, ChildListener {

  private final String prefix;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Consumer<String> lines;
  private final Map<String, String> upstreams = new HashMap<>();
  private final Map<String, Course> courses = new ConcurrentHashMap<>();
  private final boolean several;
  private volatile String at = "";
  private volatile boolean ending;

  /**
   * A console that has nothing to say yet.
   *
   * @param colours whether it may use a terminal's
   * @param routes say which upstream a wait was for
   * @param ticker tells the time
   * @param scheduler looks again
   * @param lines where they go
   */
  Console(
      boolean colours,
      List<RouteSettings> routes,
      Ticker ticker,
      Scheduler scheduler,
      Consumer<String> lines) {
    this.prefix = colours ? "\033[2mvestibule |\033[0m " : "vestibule | ";
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.lines = lines;
    routes.forEach(route -> upstreams.put(route.pattern(), route.upstream()));
    this.several = upstreams.values().stream().distinct().count() > 1;
  }

  /** Says where clients connect; before anybody starts. */
  void opened(InetSocketAddress address) {
    at = Addresses.text(address);
  }

  /**
   * Says that it goes away; what upstreams do from then on concerns nobody any more.
   *
   * @param sessions that are open
   * @param atTerminal whether somebody may press Ctrl-C again
   */
  void drains(int sessions, boolean atTerminal) {
    ending = true;
    String what = sessions == 0 ? "" : ", " + sessions(sessions) + " to close";
    say("draining" + what + (atTerminal ? " (Ctrl-C again: ends now)" : ""));
  }

  static String sessions(int count) {
    return count == 1 ? "1 session" : count + " sessions";
  }

  private void say(String text) {
    lines.accept(prefix + text);
  }

  @Override
  public void starts(Upstream upstream, Startup startup) {
    Course course = courses.computeIfAbsent(upstream.name(), name -> course(upstream));
    course.starts();
    startup.listen(event -> {
      // One that is over has nothing to say any more.
      if (upstream.startup() == startup) {
        course.changed(event);
      }
    });
  }

  private Course course(Upstream upstream) {
    String name = several ? upstream.name() + ": " : "";
    return new Course(
        at,
        upstream.gate(),
        ticker,
        scheduler,
        text -> {
          if (!ending) {
            say(name + text);
          }
        });
  }

  @Override
  public void ended(WaitEnded wait) {
    String upstream = upstreams.get(wait.route());
    Course course = upstream == null ? null : courses.get(upstream);
    if (course != null) {
      course.ended(wait);
    }
  }

  @Override
  public void ended(Passage passage) {
    String upstream = passage.upstream();
    // What the server and its clients say to each other is theirs.
    boolean ours = passage.closedBy() == Passage.Side.GATEWAY && passage.closeCode() != 0;
    if (upstream != null && (ours || passage.midFrame())) {
      Course course = courses.get(upstream);
      if (course != null) {
        course.parted(passage.closeCode(), passage.midFrame());
      }
    }
  }

  @Override
  public void started(long pid, InetSocketAddress listens) {
    say("started pid " + pid + ", PORT=" + listens.getPort());
  }

  @Override
  public void listensElsewhere(String ports, int told) {
    if (!ending) {
      String fix = ports.contains(",") ? "" : ", or --inner-port " + ports;
      say("the server listens on " + ports + " (expected: its PORT, " + told + fix + ")");
    }
  }

  @Override
  public void listensWider(String where) {
    say(
        "the server can be reached without Vestibule, at "
            + where
            + " (expected: its HOST, 127.0.0.1)");
  }

  @Override
  public void exited(int code, Duration ranFor, @Nullable Duration restartsIn) {
    String next = "";
    if (restartsIn != null) {
      next = ", starts again in " + Spans.text(restartsIn);
    } else if (code == 0 && !ending) {
      next = ": the end, since it did not fail";
    }
    if (restartsIn == null) {
      // Without a server there is nothing more to say of it.
      ending = true;
    }
    say(exit(code) + " after " + Spans.text(ranFor) + next);
  }

  @Override
  public void gaveUp(int code, String why) {
    ending = true;
    say("given up: " + why + "; exit code " + code);
  }

  /** As shells have it: 128 and the signal's number. */
  private static String exit(int code) {
    String name =
        switch (code - 128) {
          case 1 -> "SIGHUP";
          case 2 -> "SIGINT";
          case 6 -> "SIGABRT";
          case 9 -> "SIGKILL";
          case 11 -> "SIGSEGV";
          case 15 -> "SIGTERM";
          default -> "";
        };
    return "exit code " + code + (name.isEmpty() ? "" : " (" + name + ")");
  }
}
