package dev.vestibule.spring;

import static java.lang.System.Logger.Level.DEBUG;

import dev.vestibule.Estimate;
import dev.vestibule.Estimator;
import dev.vestibule.Gate;
import dev.vestibule.GateSnapshot;
import dev.vestibule.Route;
import dev.vestibule.Startup;
import dev.vestibule.StartupSnapshot;
import dev.vestibule.history.PastStart;
import dev.vestibule.waterfall.Outlook;
import dev.vestibule.waterfall.Page;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /startupz} on the admin side: what everybody may know, and causes, those who wait
 * and were refused, the last starts. Its status is 200 whatever startup's is: no platform asks
 * here.
 */
final class AdminStartup extends Handler.Abstract.NonBlocking {

  private static final System.Logger LOG = System.getLogger(AdminStartup.class.getName());

  private final Startup startup;
  private final Gate gate;
  private final @Nullable Estimator estimator;
  private final LastRefusals refusals;
  private final PastStarts pastStarts;
  private final Supplier<List<String>> paths;
  private final SinceStart sinceStart;
  private final EventStreams streams;
  private final Page page = new Page();
  private final EventStream.Feed asJson = new Feed(AdminFacts::toJson);
  private final EventStream.Feed asHtml = new Feed(AdminPage::main);

  AdminStartup(
      Startup startup,
      Gate gate,
      @Nullable Estimator estimator,
      LastRefusals refusals,
      PastStarts pastStarts,
      Supplier<List<String>> paths,
      SinceStart sinceStart,
      EventStreams streams) {
    this.startup = startup;
    this.gate = gate;
    this.estimator = estimator;
    this.refusals = refusals;
    this.pastStarts = pastStarts;
    this.paths = paths;
    this.sinceStart = sinceStart;
    this.streams = streams;
  }

  @Override
  protected void doStop() throws Exception {
    streams.close();
    super.doStop();
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (Answer.wantsEvents(request)) {
      EventStream.Feed feed = Answer.wantsMarkup(request) ? asHtml : asJson;
      // All of them together are few; who asks is one of ours.
      if (!streams.open(request, response, callback, feed, null)) {
        response.getHeaders().put(HttpHeader.RETRY_AFTER, 2);
        Answer.json(HttpStatus.SERVICE_UNAVAILABLE_503, "{\"status\":503}")
            .write(false, response, callback);
      }
      return true;
    }
    AdminFacts facts = facts();
    Answer answer =
        Answer.wantsPage(request)
            ? Answer.page(
                HttpStatus.OK_200,
                page.of(AdminPage.title(facts.outlook()), AdminPage.main(facts), true),
                page.contentSecurityPolicy())
            : Answer.json(HttpStatus.OK_200, facts.toJson());
    answer.write(false, response, callback);
    return true;
  }

  private AdminFacts facts() {
    StartupSnapshot at = startup.snapshot();
    GateSnapshot now = gate.snapshot();
    Outlook outlook = Outlook.of(at, now.routes(), estimator);
    List<AdminFacts.RouteNow> routes = new ArrayList<>();
    // Both are in the order in which routes are tried.
    for (int i = 0; i < now.routes().size(); i++) {
      routes.add(new AdminFacts.RouteNow(now.routes().get(i), opensIn(gate.routes().get(i))));
    }
    return new AdminFacts(
        outlook,
        AdminFacts.Away.of(outlook, sinceStart.now()),
        routes,
        now.waiting(),
        gate.waiters(AdminFacts.MOST_WAITERS),
        refusals.newestFirst(),
        pastStarts(),
        paths.get().stream().filter(path -> !path.equals(AdminServer.STARTUP)).toList());
  }

  private static @Nullable Estimate opensIn(Route route) {
    try {
      return route.remaining();
    } catch (RuntimeException e) {
      LOG.log(DEBUG, "the estimator threw; nothing is said of the time that remains", e);
      return null;
    }
  }

  private @Nullable List<PastStart> pastStarts() {
    try {
      return pastStarts.last(AdminFacts.MOST_STARTS);
    } catch (RuntimeException e) {
      LOG.log(DEBUG, "the last starts could not be read; they are left out", e);
      return null;
    }
  }

  private final class Feed implements EventStream.Feed {

    private final Function<AdminFacts, String> form;

    private Feed(Function<AdminFacts, String> form) {
      this.form = form;
    }

    @Override
    public long version() {
      return startup.snapshot().version();
    }

    @Override
    public EventStream.Frame frame() {
      AdminFacts facts = facts();
      return new EventStream.Frame(facts.outlook().startup().version(), form.apply(facts), false);
    }
  }
}
