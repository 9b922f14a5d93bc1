package dev.vestibule.gateway.admin;

import static dev.vestibule.waterfall.Page.escape;
import static dev.vestibule.waterfall.Page.seconds;
import static dev.vestibule.waterfall.Waterfall.word;

import dev.vestibule.GateSnapshot.RouteSnapshot;
import dev.vestibule.PhaseFailure;
import dev.vestibule.waterfall.Page;
import dev.vestibule.waterfall.Waterfall;
import java.util.List;

/** Shows the upstreams to a person: a waterfall for each. Safe for use by many threads. */
final class OverviewPage {

  private final Page page = new Page();

  private OverviewPage() {}

  /** Loaded with the first page that somebody looks at. */
  static OverviewPage get() {
    return Loaded.PAGE;
  }

  private static final class Loaded {
    static final OverviewPage PAGE = new OverviewPage();
  }

  /** For anyone to see. */
  Answer publicly(int status, Overview overview) {
    return page(status, overview, "", overview.isLive(), false);
  }

  /** With causes and those who wait. */
  Answer forAdmins(Overview overview, List<String> links) {
    StringBuilder more = new StringBuilder("<h2>Also here</h2>\n");
    for (String link : links) {
      more.append("<p><a href=\"").append(link).append("\">").append(link).append("</a></p>\n");
    }
    return page(200, overview, more.toString(), true, true);
  }

  private Answer page(int status, Overview overview, String more, boolean live, boolean whole) {
    String title = "Startup: " + word(overview.state()) + (whole ? " (admin)" : "");
    StringBuilder out = new StringBuilder("<main data-live=\"").append(live ? "asked" : "false");
    out.append("\" data-state=\"").append(word(overview.state())).append("\">\n<h1>");
    out.append(escape(title)).append("</h1>\n");
    for (Overview.At upstream : overview.upstreams()) {
      if (overview.upstreams().size() > 1) {
        out.append("<h2>").append(escape(upstream.name())).append("</h2>\n");
      }
      out.append(Waterfall.words(upstream.outlook()));
      if (whole) {
        failures(out, upstream.failures());
      } else if (!upstream.failures().isEmpty()) {
        out.append("<p>The reason is in the log and on the admin side.</p>\n");
      }
      out.append(Waterfall.table(upstream.outlook()));
      if (whole) {
        routes(out, upstream.gate().routes());
      }
    }
    out.append(more).append("</main>");
    return Answer.page(status, page.of(title, out.toString(), live), page.contentSecurityPolicy());
  }

  private static void failures(StringBuilder out, List<PhaseFailure> failures) {
    for (PhaseFailure failure : failures) {
      out.append("<p><b>").append(escape(failure.phase())).append("</b> failed ");
      out.append(seconds(failure.elapsed())).append(" after it began:</p>\n<p class=\"cause\">");
      out.append(escape(failure.rootCause().toString())).append("</p>\n");
    }
  }

  private static void routes(StringBuilder out, List<RouteSnapshot> routes) {
    for (RouteSnapshot route : routes) {
      out.append("<p><b>").append(escape(route.pattern())).append("</b>: ");
      out.append(word(route.state()));
      out.append(route.phase() == null ? "" : ", phase " + escape(route.phase()));
      out.append(route.reason() == null ? "" : " (" + route.reason() + ")");
      out.append("; ").append(route.waiting()).append(" waiting</p>\n");
    }
  }
}
