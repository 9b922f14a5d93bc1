package dev.vestibule.spring;

import static dev.vestibule.waterfall.Page.escape;
import static dev.vestibule.waterfall.Page.roughly;
import static dev.vestibule.waterfall.Page.seconds;

import dev.vestibule.Bound;
import dev.vestibule.Estimate;
import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseFailure;
import dev.vestibule.Reason;
import dev.vestibule.WaitEnded;
import dev.vestibule.WaiterSnapshot;
import dev.vestibule.history.PastStart;
import dev.vestibule.history.PhaseTime;
import dev.vestibule.waterfall.Outlook;
import dev.vestibule.waterfall.Waterfall;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What the admin side shows to a person below the waterfall. Used by one thread. */
final class AdminPage {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final StringBuilder out;

  private AdminPage(StringBuilder out) {
    this.out = out;
  }

  static String title(Outlook outlook) {
    return Waterfall.title(outlook.startup()) + " (admin)";
  }

  /** Always live: who waits changes at any time. */
  static String main(AdminFacts facts) {
    StringBuilder out = new StringBuilder();
    out.append(Waterfall.begin(facts.outlook(), true, title(facts.outlook())));
    AdminPage page = new AdminPage(out);
    // What is wrong comes first.
    page.failures(facts.failures());
    page.away(facts.away());
    page.heading("Phases");
    out.append(Waterfall.table(facts.outlook()));
    page.routes(facts.routes());
    page.waiters(facts.waiting(), facts.waiters());
    page.refusals(facts.refusals());
    if (facts.pastStarts() != null) {
      page.pastStarts(facts.pastStarts());
    }
    page.mounted(facts.mounted());
    return out.append("</main>").toString();
  }

  private void failures(List<PhaseFailure> failures) {
    if (failures.isEmpty()) {
      return;
    }
    heading("What failed, and why");
    for (PhaseFailure failure : failures) {
      out.append("<p><b>").append(escape(failure.phase())).append("</b>, attempt ");
      out.append(failure.attempt()).append(" of ").append(failure.attempts()).append(", ");
      out.append(seconds(failure.elapsed())).append(" after it began:</p>\n");
      out.append("<p class=\"cause\">").append(escape(failure.rootCause().toString()));
      out.append("</p>\n");
    }
  }

  private void away(List<AdminFacts.Away> away) {
    if (away.isEmpty()) {
      return;
    }
    heading("Away now");
    for (AdminFacts.Away one : away) {
      out.append("<p><b>").append(escape(one.phase())).append("</b>: ");
      out.append(
          one.backIn() == null
              ? "nobody has said when it will be back"
              : "not back before " + roughly(one.backIn()) + " from now");
      out.append(".</p>\n");
    }
  }

  private void routes(List<AdminFacts.RouteNow> routes) {
    heading("Routes");
    begin("Route", "Now", "Waiting");
    for (AdminFacts.RouteNow now : routes) {
      RouteSnapshot route = now.route();
      out.append("<tr role=\"row\">");
      first("Route", route.pattern());
      cell("Now", inWords(route, now.opensIn()));
      number("Waiting", Integer.toString(route.waiting()));
      out.append("</tr>\n");
    }
    end();
  }

  private static String inWords(RouteSnapshot route, @Nullable Estimate opensIn) {
    String phase = route.phase() == null ? "" : " for " + route.phase();
    return switch (route.state()) {
      case OPEN -> "open";
      case PACED -> "open, lets in at its pace";
      case HOLD ->
          "holds, waits" + phase + (opensIn == null ? "" : "; about " + roughly(opensIn.p50()));
      case REFUSE -> "refuses: " + inWords(route.reason(), route.phase());
    };
  }

  private void waiters(int waiting, List<WaiterSnapshot> waiters) {
    heading("Who waits");
    if (waiters.isEmpty()) {
      out.append("<p>Nobody.</p>\n");
      return;
    }
    out.append("<p>").append(waiting);
    out.append(waiting > waiters.size() ? " in all; those who have waited longest:" : " in all.");
    out.append("</p>\n");
    begin("Client", "Route", "Waited", "Time left", "Limited by");
    for (WaiterSnapshot waiter : waiters) {
      out.append("<tr role=\"row\">");
      first("Client", orUnknown(AdminFacts.text(waiter.client())));
      cell("Route", waiter.route());
      number("Waited", seconds(waiter.waited()));
      number("Time left", seconds(waiter.left()));
      cell("Limited by", inWords(waiter.bound()));
      out.append("</tr>\n");
    }
    end();
  }

  private void refusals(List<LastRefusals.Refusal> refusals) {
    heading("Last refusals");
    if (refusals.isEmpty()) {
      out.append("<p>None.</p>\n");
      return;
    }
    begin("When (UTC)", "Client", "Route", "Why", "Waited");
    for (LastRefusals.Refusal refusal : refusals) {
      WaitEnded wait = refusal.how();
      out.append("<tr role=\"row\">");
      first("When (UTC)", time(refusal.at()));
      cell("Client", orUnknown(AdminFacts.text(wait.client())));
      cell("Route", wait.route());
      cell("Why", inWords(wait.reason(), wait.phase()));
      number("Waited", seconds(wait.waited()));
      out.append("</tr>\n");
    }
    end();
  }

  private void pastStarts(List<PastStart> starts) {
    heading("Last starts");
    if (starts.isEmpty()) {
      out.append("<p>None is known.</p>\n");
      return;
    }
    begin("Ended (UTC)", "How", "Took", "Phases");
    for (PastStart start : starts) {
      out.append("<tr role=\"row\">");
      first("Ended (UTC)", time(start.at()));
      cell("How", Waterfall.word(start.state()));
      number("Took", seconds(start.elapsed()));
      cell(
          "Phases",
          start.phases().entrySet().stream()
              .map(it -> inWords(it.getKey(), it.getValue()))
              .collect(Collectors.joining(", ")));
      out.append("</tr>\n");
    }
    end();
  }

  private void mounted(List<String> paths) {
    if (paths.isEmpty()) {
      return;
    }
    heading("Also here");
    for (String path : paths) {
      String shown = escape(path);
      out.append("<p><a href=\"").append(shown).append("\">").append(shown).append("</a></p>\n");
    }
  }

  private static String inWords(String phase, PhaseTime time) {
    String took = phase + " " + seconds(time.took());
    return switch (time.end()) {
      case READY -> took;
      case RETRIED -> took + " in several attempts";
      case FAILED -> took + " failed";
      case CUT -> time.took().isZero() ? phase + " not begun" : took + " cut short";
    };
  }

  /** The name too, because that is what stands in the log. */
  private static String inWords(@Nullable Reason reason, @Nullable String phase) {
    if (reason == null) {
      return "unknown";
    }
    String named = phase == null ? "" : " " + phase;
    return switch (reason) {
          case DRAINING -> "the process goes away";
          case STARTUP_FAILED -> named.isEmpty() ? "startup failed" : named.strip() + " failed";
          case DEPENDENCY_DOWN ->
              named.isEmpty() ? "something is away" : named.strip() + " is away";
          case FULL -> "as many wait as may";
          case TOO_LONG -> "it would have waited in vain" + (phase == null ? "" : " for" + named);
          case BUSY -> "the pace did not reach it in time";
          case BUDGET_SPENT -> "its time was up" + (phase == null ? "" : ", waiting for" + named);
        }
        + " ("
        + reason
        + ")";
  }

  private static String inWords(Bound bound) {
    return switch (bound) {
      case GATE -> "the gate's limit";
      case ROUTE -> "its route's limit";
      case CLIENT -> "the client itself";
      case LIBRARY -> "its client's library";
      case HOP -> "a hop in front";
    };
  }

  private static String orUnknown(@Nullable String text) {
    return text == null ? "unknown" : text;
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  private void heading(String text) {
    out.append("<h2>").append(text).append("</h2>\n");
  }

  private void begin(String... columns) {
    out.append("<table class=\"facts\" role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">");
    for (String column : columns) {
      boolean number =
          column.equals("Waited")
              || column.equals("Time left")
              || column.equals("Waiting")
              || column.equals("Took");
      out.append("<th role=\"columnheader\" scope=\"col\"")
          .append(number ? " class=\"number\">" : ">");
      out.append(column).append("</th>");
    }
    out.append("</tr></thead>\n<tbody role=\"rowgroup\">\n");
  }

  private void end() {
    out.append("</tbody></table>\n");
  }

  private void first(String column, String text) {
    out.append("<th role=\"rowheader\" scope=\"row\" data-name=\"").append(column).append("\">");
    out.append(escape(text)).append("</th>");
  }

  private void cell(String column, String text) {
    out.append("<td role=\"cell\" data-name=\"").append(column).append("\">");
    out.append(escape(text)).append("</td>");
  }

  private void number(String column, String text) {
    out.append("<td role=\"cell\" class=\"number\" data-name=\"").append(column).append("\">");
    out.append(escape(text)).append("</td>");
  }
}
