package dev.vestibule.waterfall;

import static dev.vestibule.waterfall.Page.escape;
import static dev.vestibule.waterfall.Page.roughly;
import static dev.vestibule.waterfall.Page.seconds;

import dev.vestibule.Estimate;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseSnapshot;
import dev.vestibule.PhaseState;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.StartupState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Shows a startup to a person, as markup: each phase a bar, its state in words, which phases decide
 * when it ends, and how much longer it will take where that is known. For anyone to see: no causes,
 * no addresses.
 */
public final class Waterfall {

  // Units of the bars' own width, not of the screen's.
  private static final long WIDTH = 1000;
  // So that what took no time can still be seen.
  private static final long LEAST = 4;
  // Of fewer starts than one in so many nobody knows that it is rare; see History.
  private static final int ENOUGH_STARTS = 5;
  private static final String LET_IN = "are let in";
  private static final String ALL_OPEN = "Connections " + LET_IN + ".";

  private Waterfall() {}

  /**
   * The startup's state in words.
   *
   * @param startup any
   * @return plain text
   */
  public static String title(StartupSnapshot startup) {
    return "Startup: " + word(startup.state());
  }

  /**
   * Everything that is shown; strangers see no more.
   *
   * @param outlook what there is to show
   * @return the element main
   */
  public static String main(Outlook outlook) {
    boolean failed = !named(outlook.startup(), PhaseState.FAILED).isEmpty();
    return begin(outlook, outlook.isLive(), title(outlook.startup()))
        + (failed ? "<p>The reason is in the log and on the admin side.</p>\n" : "")
        + table(outlook)
        + "</main>";
  }

  /**
   * From the beginning of main to the table; more may follow that one.
   *
   * @param outlook what there is to show
   * @param live whether it may change by itself
   * @param title of the page, in plain text
   * @return markup that leaves main open
   */
  public static String begin(Outlook outlook, boolean live, String title) {
    StringBuilder out = new StringBuilder("<main data-live=\"").append(live);
    out.append("\" data-state=\"").append(word(outlook.startup().state()));
    out.append("\">\n");
    out.append("<h1>").append(escape(title)).append("</h1>\n");
    return out.append(words(outlook)).toString();
  }

  /**
   * What becomes of connections, how long it takes and what decides that: what stands above the
   * table.
   *
   * @param outlook what there is to show
   * @return paragraphs
   */
  public static String words(Outlook outlook) {
    StartupSnapshot startup = outlook.startup();
    StringBuilder out = new StringBuilder();
    out.append("<p role=\"status\" class=\"status\">").append(escape(summary(outlook)));
    out.append("</p>\n<p>").append(escape(time(outlook))).append("</p>\n");
    if (!outlook.criticalPath().isEmpty()) {
      out.append("<p><span class=\"mark\" aria-hidden=\"true\">◆</span> ");
      out.append(startup.state() == StartupState.RUNNING ? "Decides" : "Decided");
      out.append(startup.state() == StartupState.FAILED ? " the failure: " : " the end: ");
      out.append(
          outlook.criticalPath().stream()
              .map(name -> "<b>" + escape(name) + "</b>")
              .collect(Collectors.joining(", then ")));
      out.append(".</p>\n");
    }
    return out.toString();
  }

  /**
   * A state as the page writes it.
   *
   * @param state a constant
   * @return its name in lower case
   */
  public static String word(Enum<?> state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** Whether connections are let in comes first. */
  private static String summary(Outlook outlook) {
    StartupSnapshot startup = outlook.startup();
    List<String> down = named(startup, PhaseState.DOWN);
    String away = down.isEmpty() ? "" : " Away now: " + String.join(", ", down) + ".";
    String door = door(outlook.routes());
    return switch (startup.state()) {
      case RUNNING -> {
        long settled = startup.phases().stream().filter(it -> it.state().isSettled()).count();
        List<String> running = named(startup, PhaseState.RUNNING);
        String at = running.isEmpty() ? "" : " Running: " + String.join(", ", running) + ".";
        yield "%s %d of %d phases are over.%s%s"
            .formatted(door, settled, startup.phases().size(), at, away);
      }
      case COMPLETE ->
          door.equals(ALL_OPEN) && down.isEmpty() ? "Everything is ready." : door + away;
      case DEGRADED -> {
        String without = String.join(", ", named(startup, PhaseState.FAILED));
        yield door + " It can do without what failed: " + without + "." + away;
      }
      case FAILED -> {
        String failed =
            startup.phases().stream()
                .filter(it -> it.state() == PhaseState.FAILED && !it.optional())
                .map(PhaseSnapshot::name)
                .collect(Collectors.joining(", "));
        yield door + " It will not become ready: " + failed + " failed." + away;
      }
      case CLOSED -> "Connections are refused. It is going away.";
    };
  }

  /** What becomes of connections, of each route where they differ. */
  private static String door(List<RouteSnapshot> routes) {
    Map<String, List<String>> by = new LinkedHashMap<>();
    for (RouteSnapshot route : routes) {
      String what =
          switch (route.state()) {
            case OPEN, PACED -> LET_IN;
            case HOLD -> "wait until it is ready";
            case REFUSE -> "are refused";
          };
      by.computeIfAbsent(what, it -> new ArrayList<>()).add(route.pattern());
    }
    if (by.isEmpty()) {
      return ALL_OPEN;
    }
    if (by.size() == 1) {
      return "Connections " + by.keySet().iterator().next() + ".";
    }
    return by.entrySet().stream()
        .map(it -> "Connections to " + String.join(", ", it.getValue()) + " " + it.getKey() + ".")
        .collect(Collectors.joining(" "));
  }

  private static List<String> named(StartupSnapshot startup, PhaseState state) {
    return startup.phases().stream()
        .filter(it -> it.state() == state)
        .map(PhaseSnapshot::name)
        .toList();
  }

  private static String time(Outlook outlook) {
    String elapsed = seconds(outlook.startup().elapsed());
    if (outlook.startup().state() != StartupState.RUNNING) {
      boolean failed = outlook.startup().state() == StartupState.FAILED;
      return (failed ? "It failed after " : "It took ") + elapsed + ".";
    }
    Estimate left = outlook.estimate();
    if (left == null) {
      return elapsed + " so far.";
    }
    if (left.starts() < ENOUGH_STARTS) {
      // What so few say of the slowest in twenty is a guess.
      return "%s so far. About %s to go (%s)."
          .formatted(elapsed, roughly(left.p50()), starts(left));
    }
    return "%s so far. About %s to go; 19 in 20 starts need less than %s more (%s)."
        .formatted(elapsed, roughly(left.p50()), roughly(left.p95()), starts(left));
  }

  private static String starts(Estimate estimate) {
    return estimate.starts() == 1
        ? "by one earlier start"
        : "by " + estimate.starts() + " earlier starts";
  }

  // Roles are named because a narrow screen lays the table out anew, which makes some screen
  // readers forget that it is one.
  /**
   * The phases, each with its bar.
   *
   * @param outlook what there is to show
   * @return the element table
   */
  public static String table(Outlook outlook) {
    Duration until = outlook.until();
    StringBuilder out = new StringBuilder("<table class=\"phases\" role=\"table\">\n");
    out.append("<caption class=\"unseen\">The phases of startup</caption>\n");
    out.append("<thead role=\"rowgroup\"><tr role=\"row\">");
    out.append("<th role=\"columnheader\" scope=\"col\">Phase</th>");
    out.append("<th role=\"columnheader\" scope=\"col\">State</th>");
    out.append("<th role=\"columnheader\" scope=\"col\" class=\"bar\">");
    out.append("<span class=\"axis\"><span>0 s</span><span class=\"unseen\"> to </span><span>");
    out.append(seconds(until)).append("</span></span></th>");
    out.append("<th role=\"columnheader\" scope=\"col\" class=\"took\">Took</th>");
    out.append("</tr></thead>\n<tbody role=\"rowgroup\">\n");
    for (PhaseSnapshot phase : outlook.startup().phases()) {
      appendRow(out, outlook, phase, Math.max(1, until.toMillis()));
    }
    return out.append("</tbody>\n</table>\n").toString();
  }

  private static void appendRow(
      StringBuilder out, Outlook outlook, PhaseSnapshot phase, long untilMillis) {
    boolean critical = outlook.criticalPath().contains(phase.name());
    Duration now = outlook.startup().elapsed();
    out.append("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">");
    out.append("<span class=\"mark\" aria-hidden=\"true\">")
        .append(critical ? "◆" : "")
        .append("</span>");
    out.append(escape(phase.name()));
    out.append(critical ? "<span class=\"unseen\">, decides the end</span>" : "").append("</th>");
    out.append("<td role=\"cell\" class=\"").append(word(phase.state())).append("\">");
    out.append(stateInWords(phase)).append("</td><td role=\"cell\" class=\"bar\">");
    appendBar(out, outlook, phase, critical, untilMillis);
    out.append("</td><td role=\"cell\" class=\"took\">");
    out.append(took(phase, now));
    Estimate left = outlook.estimates().get(phase.name());
    if (left != null) {
      out.append(" <span class=\"left\">ends in about ")
          .append(roughly(left.p50()))
          .append("</span>");
    }
    out.append("</td></tr>\n");
  }

  private static void appendBar(
      StringBuilder out, Outlook outlook, PhaseSnapshot phase, boolean critical, long until) {
    Duration began = phase.startedAt();
    Duration ended = phase.endedAt();
    Duration now = outlook.startup().elapsed();
    // What decides the end is drawn higher.
    String height = critical ? " y=\"0\" height=\"10\"" : " y=\"3\" height=\"4\"";
    out.append("<svg viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\">");
    Estimate left = outlook.estimates().get(phase.name());
    if (left != null) {
      long from = share(began == null ? expectedBegin(outlook, phase) : now, until);
      long to = share(now.plus(left.p50()), until);
      out.append("<rect class=\"expected\" x=\"").append(from).append("\" width=\"");
      out.append(Math.max(LEAST, to - from)).append('"').append(height).append("/>");
    }
    if (began != null) {
      long from = Math.min(share(began, until), WIDTH - LEAST);
      long to = share(ended == null ? now : ended, until);
      out.append("<rect class=\"").append(word(phase.state())).append("\" x=\"").append(from);
      out.append("\" width=\"").append(Math.max(LEAST, to - from)).append('"');
      out.append(height).append("/>");
    }
    out.append("</svg>");
    if (began != null) {
      out.append("<span class=\"unseen\">from ").append(seconds(began));
      out.append(ended == null ? " on" : " to " + seconds(ended)).append("</span>");
    }
  }

  /** When everything before it is expected to be over. */
  private static Duration expectedBegin(Outlook outlook, PhaseSnapshot phase) {
    Duration now = outlook.startup().elapsed();
    Duration begin = now;
    for (String name : phase.after()) {
      Estimate before = outlook.estimates().get(name);
      Duration end = before == null ? now : now.plus(before.p50());
      begin = end.compareTo(begin) > 0 ? end : begin;
    }
    return begin;
  }

  private static String stateInWords(PhaseSnapshot phase) {
    String word =
        switch (phase.state()) {
          case PENDING -> "not yet started";
          case DOWN -> "down, was ready";
          case RUNNING, READY, FAILED, SKIPPED, CANCELLED -> word(phase.state());
        };
    String attempt = phase.attempt() > 1 ? ", attempt " + phase.attempt() : "";
    return word + attempt + (phase.optional() ? " <span class=\"optional\">optional</span>" : "");
  }

  private static String took(PhaseSnapshot phase, Duration now) {
    Duration began = phase.startedAt();
    Duration ended = phase.endedAt();
    return began == null ? "" : seconds((ended == null ? now : ended).minus(began));
  }

  private static long share(@Nullable Duration at, long untilMillis) {
    return at == null ? 0 : Math.min(WIDTH, WIDTH * at.toMillis() / untilMillis);
  }
}
